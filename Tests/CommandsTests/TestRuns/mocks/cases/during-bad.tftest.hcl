mock_provider "terraform" {
  override_during = never
}
run "a" {
  command = plan
  assert {
    condition     = output.id == "p"
    error_message = "It is ${output.id}."
  }
}
