override_resource { 
  target = terraform_data.rep[0]
  values = { id = "zero" }
}
override_resource { 
  target = terraform_data.rep
  values = { id = "any" }
}
run "a" { 
  assert {
    condition = output.rep[0] == "zero" && output.rep[1] == "any"
    error_message = "rep ${jsonencode(output.rep)}"
  }
}
run "b" { 
  variables { name = "other" }
  assert {
    condition = output.rep[0] == "zero" && output.rep[1] == "any"
    error_message = "rep ${jsonencode(output.rep)}"
  }
}
