run "a" { expect_failures = [local.x, module.m, var.zz, foo.bar, check.zz, output.zz] }
