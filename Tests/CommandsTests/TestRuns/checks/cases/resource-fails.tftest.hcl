run "pre" {
  variables { name = "pre" }
  command = plan
  expect_failures = [terraform_data.a]
}
run "post" {
  variables { name = "post" }
  expect_failures = [terraform_data.a]
}
run "after" { 
  assert {
    condition = output.o == "n"
    error_message = "no"
  }
}
