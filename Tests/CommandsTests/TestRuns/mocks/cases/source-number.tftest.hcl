mock_provider "terraform" {
  source = 5
}
run "a" {
  assert {
    condition     = output.id == "x"
    error_message = "It is ${output.id}."
  }
}
