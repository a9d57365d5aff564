run "chk" {
  variables { name = "chk" }
  expect_failures = [check.c]
}
run "chkplan" {
  variables { name = "chk" }
  command = plan
  expect_failures = [check.c]
}
run "chkplan2" {
  variables { name = "chkx" }
  command = plan
}
