terraform {
  required_providers {
    null = { version = ">= 3.0, < 4" }
  }
}
resource "null_resource" "a" {}
module "deep" { source = "../deep" }
