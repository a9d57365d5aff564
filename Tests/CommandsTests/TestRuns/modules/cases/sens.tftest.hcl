run "a" { 
  assert {
    condition = output.s == "nope"
    error_message = "plain"
  }
}
