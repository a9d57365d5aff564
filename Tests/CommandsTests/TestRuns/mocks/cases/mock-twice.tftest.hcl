mock_provider "terraform" {
  mock_resource "terraform_data" {
    defaults = {}
  }
  mock_resource "terraform_data" {
    defaults = {}
  }
}
run "a" {
  assert {
    condition     = output.id == "p"
    error_message = "It is ${output.id}."
  }
}
