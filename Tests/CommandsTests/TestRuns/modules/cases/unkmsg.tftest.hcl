run "a" { 
  command = plan
  assert {
    condition = output.mb == "planned"
    error_message = "rep ${output.id}"
  }
}
