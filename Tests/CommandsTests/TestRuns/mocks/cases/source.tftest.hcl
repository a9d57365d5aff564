mock_provider "terraform" {
  source = "./mocks"
}
run "a" {
  assert {
    condition     = output.id == "from-file"
    error_message = "It is ${output.id}."
  }
}
