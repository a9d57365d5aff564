mock_provider "terraform" {
  source = "./over"
}
run "a" {
  command = plan
  assert {
    condition     = output.id == "planned"
    error_message = "It is ${output.id}."
  }
}
