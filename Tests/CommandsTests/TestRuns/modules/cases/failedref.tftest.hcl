run "a" {
  assert {
    condition = output.o == "x"
    error_message = "no"
  }
}
run "b" {
  variables { name = run.a.o }
  assert {
    condition = output.o == "n"
    error_message = "no"
  }
}
