terraform {
  required_providers {
    null = {
      source  = "hashicorp/null"
      version = "~> 3.0"
    }
    chance = {
      source  = "hashicorp/random"
      version = "!= 3.1, 3.4"
    }
  }
}
provider "local" {}
resource "null_resource" "a" {}
module "m" { source = "./m" }
module "b" { source = "./m" }
