run "badplan" {
  command = plan
  variables { name = "bad" }
  expect_failures = [var.name]
}
run "bad" {
  variables { name = "bad" }
  expect_failures = [var.name]
}
