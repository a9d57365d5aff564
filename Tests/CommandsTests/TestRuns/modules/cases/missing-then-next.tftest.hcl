run "a" { expect_failures = [check.k] }
run "b" {}
