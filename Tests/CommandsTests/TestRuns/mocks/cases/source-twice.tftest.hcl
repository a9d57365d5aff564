mock_provider "terraform" {
  source = "./twice"
}
run "a" {
  assert {
    condition     = output.id == "from-file"
    error_message = "It is ${output.id}."
  }
}
