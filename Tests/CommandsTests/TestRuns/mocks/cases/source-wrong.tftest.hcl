mock_provider "terraform" {
  source = "./mocks"
}
run "a" {
  assert {
    condition     = output.id == "other"
    error_message = "It is ${output.id}."
  }
}
