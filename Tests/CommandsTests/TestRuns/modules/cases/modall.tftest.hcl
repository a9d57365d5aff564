override_module {
  target = module.cnt
  outputs = { a = "all" }
}
override_module {
  target = module.cnt[1]
  outputs = { a = "one" }
}
run "a" {
  assert {
    condition = output.mc[0] == "all" && output.mc[1] == "one"
    error_message = "${output.mo} ${jsonencode(output.mc)}"
  }
}
