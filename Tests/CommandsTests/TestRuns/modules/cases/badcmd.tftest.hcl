run "a" { command = destroy }
