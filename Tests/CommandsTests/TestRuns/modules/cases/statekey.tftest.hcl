run "a" {
  state_key = "k"
}
run "b" {
  command = plan
  assert {
    condition = output.id != ""
    error_message = "x"
  }
}
