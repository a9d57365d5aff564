override_resource { 
 target = data.x.y
}
override_data { 
 target = terraform_data.a
}
override_module { 
 target = terraform_data.a
}
override_resource { 
 values = {}
}
override_resource { 
 target = terraform_data.a
 values = 5
 foo = 1
}
run "a" {}
