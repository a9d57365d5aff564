mock_provider "terraform" { 
  mock_resource "terraform_data" {}
  mock_resource "terraform_data" {}
  override_resource { target = terraform_data.a }
  override_resource { target = terraform_data.a }
}
run "a" {}
