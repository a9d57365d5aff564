resource "terraform_data" "a" {
  count = 2
  input = 1
}

locals {
  one = terraform_data.a[1].output
}

resource "terraform_data" "reader" {
  input = local.one
}

resource "terraform_data" "counted" {
  count = length([for x in terraform_data.a : x.id if x.id != ""])
}

module "m" {
  source     = "./m"
  i          = "a value of its own"
  depends_on = [terraform_data.a]
}

module "maybe" {
  source = "./m"
  count  = terraform_data.a[1].id == "" ? 1 : 0
  i      = terraform_data.a[1].id
}

check "a" {
  assert {
    condition     = terraform_data.a[1].output == 1
    error_message = "Not one."
  }
}

resource "terraform_data" "free" {
}

output "one" {
  value = terraform_data.a[1].output
}

output "free" {
  value = terraform_data.free.id
}
