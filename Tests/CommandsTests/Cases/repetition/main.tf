resource "terraform_data" "base" { input = ["a", "b"] }

locals {
  names = terraform_data.base.output
  fixed = 3
}

resource "terraform_data" "counted" {
  count = length(local.names) + local.fixed
}

resource "terraform_data" "each" {
  for_each = toset(local.names)
}

resource "terraform_data" "keys" {
  for_each = toset(["x", terraform_data.base.id])
}

module "part" {
  source = "./part"
  count  = terraform_data.base.id == "x" ? 1 : 2
}
