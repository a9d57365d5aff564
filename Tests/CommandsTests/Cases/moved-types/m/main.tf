resource "terraform_data" "deep" {}
moved {
  from = terraform_data.once
  to   = terraform_data.deep
}
