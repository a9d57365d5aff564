test { parallel = true }
run "p" { 
 state_key = "foo"
 parallel = true
}
