mock_provider "terraform" {
  source = "./mocks"
  mock_resource "terraform_data" {
    defaults = {
      id = "inline"
    }
  }
}
run "a" {
  assert {
    condition     = output.id == "inline"
    error_message = "It is ${output.id}."
  }
}
