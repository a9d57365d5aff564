mock_provider "terraform" {}
run "a" {
  command = plan
  assert {
    condition = terraform_data.a.input == "n"
    error_message = "x"
  }
  assert {
    condition = output.id == "n"
    error_message = "x"
  }
}
