terraform {
  required_providers {
    terraform = {
      source                = "terraform.io/builtin/terraform"
      configuration_aliases = [terraform.west]
    }
  }
}
resource "terraform_data" "a" {
  provider = terraform.west
}
