run "missing" {
  expect_failures = [check.k, output.o, var.name, terraform_data.a]
}
