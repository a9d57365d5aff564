# A comment, so that places in this file are others than in the file that overrides it.
resource "terraform_data" "a" {
  count = 2
  input = upper("from main")
}

module "part" {
  source = "./part"
  size   = 1
}

output "a" { value = terraform_data.a[*].input }
