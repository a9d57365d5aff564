moved {
  from = terraform_data.b
  to   = terraform_data.b
}
resource "terraform_data" "b" {}
