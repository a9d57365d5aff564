run "a" {
  variables { name = null }
  assert {
    condition = output.o == null
    error_message = "b"
  }
}
