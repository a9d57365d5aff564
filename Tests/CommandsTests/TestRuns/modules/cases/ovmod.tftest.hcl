override_module { 
  target = module.m
  outputs = { a = "over", zz = 1 }
}
override_module { 
  target = module.cnt[0]
  outputs = { a = "over" }
}
run "a" {
  assert {
    condition = output.mo == "over" && output.mb == null
    error_message = "mo ${jsonencode([output.mo,output.mb, output.mc])}"
  }
  assert {
    condition = output.mc == ["over", "n"]
    error_message = "mo ${jsonencode([output.mo,output.mb, output.mc])}"
  }
}
run "p" {
  command = plan
  assert {
    condition = output.mb == "x"
    error_message = "mo ${jsonencode([output.mo,output.mb, output.mc])}"
  }
}
run "modbad" { 
  variables { name = "modbad" }
}
