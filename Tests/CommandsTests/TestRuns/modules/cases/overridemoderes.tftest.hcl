override_resource {
  target = module.m.terraform_data.x
  values = { output = "in module" }
}
override_resource {
  target = module.cnt.terraform_data.x
  values = { output = "in all" }
}
override_resource {
  target = module.cnt[1].terraform_data.x
  values = { output = "in one" }
}
run "a" {
  assert {
    condition = output.mo == "in module" && output.mc[0] == "in all" && output.mc[1] == "in one"
    error_message = "${output.mo} ${jsonencode(output.mc)}"
  }
}
