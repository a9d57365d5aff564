override_resource { 
 target = terraform_data.a
 override_during = plan
 values = { 
   id = "x" 
   output = "out"
 }
}
run "p" { 
 command = plan
 variables { name = "z" }
  assert {
    condition = output.id == "x" && output.o == "out"
    error_message = "id ${output.id}"
  }
}
