mock_provider "terraform" {
  source = "./over"
}
run "a" {
  assert {
    condition     = output.ids["k"] == "k-over" && output.ids["l"] == "planned"
    error_message = "no"
  }
}
