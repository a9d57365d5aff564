run "a" { 
  assert {
    condition = output.o == "nope"
    error_message = 5
  }
  assert {
    condition = output.o == "nope"
    error_message = output.nope
  }
  assert {
    condition = output.o.x
    error_message = "a"
  }
  assert {
    condition = terraform_data.zz.id == ""
    error_message = "a"
  }
  assert {
    condition = nofunc(output.o)
    error_message = "a"
  }
  assert {
    condition = var.num == 5
    error_message = "a"
  }
  assert {
    condition = module.m.a == "q"
    error_message = "a"
  }
  assert {
    condition = length(module.cnt) == 3
    error_message = "a"
  }
}
