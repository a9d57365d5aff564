run "p" { 
  assert {
    condition = output.id == "x"
  }
  assert {
    error_message = "x"
  }
}
