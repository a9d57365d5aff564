mock_provider "terraform" {
  source = "./nope"
}
run "a" {
  assert {
    condition     = output.id == "x"
    error_message = "It is ${output.id}."
  }
}
