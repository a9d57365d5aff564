run "wrong" {
  variables { name = "known" }
  expect_failures = [check.c]
}
