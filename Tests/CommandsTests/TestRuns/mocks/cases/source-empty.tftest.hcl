mock_provider "terraform" {
  source = "./empty"
}
run "a" {
  assert {
    condition     = output.id != ""
    error_message = "no"
  }
}
