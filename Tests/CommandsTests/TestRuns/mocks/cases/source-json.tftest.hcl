mock_provider "terraform" {
  source = "./json"
}
run "a" {
  assert {
    condition     = output.id == "from-json"
    error_message = "It is ${output.id}."
  }
}
