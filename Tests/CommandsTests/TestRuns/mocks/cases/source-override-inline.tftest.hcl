mock_provider "terraform" {
  source = "./over"
  override_resource {
    target = terraform_data.b["k"]
    values = {
      id = "own"
    }
  }
}
run "a" {
  assert {
    condition     = output.ids["k"] == "own"
    error_message = "no"
  }
}
