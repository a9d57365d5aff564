mock_provider "terraform" {
  mock_data "terraform_remote_state" {
    defaults = {}
  }
  mock_data "terraform_remote_state" {
    defaults = {}
  }
}
run "a" {
  assert {
    condition     = output.id == "p"
    error_message = "It is ${output.id}."
  }
}
