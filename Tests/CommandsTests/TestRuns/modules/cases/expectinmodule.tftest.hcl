run "a" {
  command = plan
  variables { name = "modbad" }
  expect_failures = [var.name]
}
