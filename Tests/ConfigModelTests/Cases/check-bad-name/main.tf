check "1x" {
  assert {
    condition     = true
    error_message = "x"
  }
}
