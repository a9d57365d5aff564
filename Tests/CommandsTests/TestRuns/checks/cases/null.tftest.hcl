run "null" {
  assert {
    condition = output.o == "n" ? null : false
    error_message = "x"
  }
  assert {
    condition = output.o
    error_message = "x"
  }
  assert {
    condition = output.o == "z"
    error_message = null
  }
  assert {
    condition = run.nope.x == 1
    error_message = "x"
  }
}
