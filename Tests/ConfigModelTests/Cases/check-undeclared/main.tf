check "x" {
  assert {
    condition     = local.nope
    error_message = "x"
  }
}
