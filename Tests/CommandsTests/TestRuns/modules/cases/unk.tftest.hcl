run "a" { 
  command = plan
  assert {
    condition = output.id == "planned"
    error_message = "rep"
  }
}
