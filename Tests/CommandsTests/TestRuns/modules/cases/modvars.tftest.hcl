variables { v = "filelevel" }
run "a" {
  module { source = "./m2" }
  assert {
    condition = output.a == "filelevel" && terraform_data.x.output == var.v
    error_message = "o ${output.a}"
  }
}
run "b" {
  module { source = "./m2" }
  variables { v = "modbad" }
  expect_failures = [var.v]
  command = plan
}
