run "a" {
  assert {
    condition = output.o == "x"
    error_message = "first"
  }
  assert {
    condition = output.o == "n"
    error_message = "second"
  }
  assert {
    condition = output.o == "y"
    error_message = "third"
  }
}
run "b" {
  assert {
    condition = run.a.o == "n"
    error_message = "b"
  }
}
