override_resource { 
 target = terraform_data.a
 values = { 
   id = "x" 
   input = "q"
   nope = 1
 }
}
override_resource { 
 target = terraform_data.zz
}
run "a" { 
  assert {
    condition = output.id == "x"
    error_message = "id ${output.id}"
  }
}
run "p" { 
 command = plan
 variables { name = "z" }
  assert {
    condition = output.id == "x"
    error_message = "id ${output.id}"
  }
}
