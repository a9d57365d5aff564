override_module { 
  target = module.m
  outputs = 5
}
override_module { 
  target = module.m
  values = {}
}
run "a" { }
