run "a" {}
run "b" {
  variables { name = run.a.s }
  assert {
    condition = output.id == "x"
    error_message = "b"
  }
}
