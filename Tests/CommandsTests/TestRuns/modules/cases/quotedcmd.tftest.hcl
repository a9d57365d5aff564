run "a" { command = "plan" }
