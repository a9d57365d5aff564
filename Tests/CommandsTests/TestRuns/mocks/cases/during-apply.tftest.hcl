mock_provider "terraform" {
  mock_resource "terraform_data" {
    defaults = {
      id = "p"
    }
  }
}
run "a" {
  command = plan
  assert {
    condition     = output.id == "p"
    error_message = "It is ${output.id}."
  }
}
