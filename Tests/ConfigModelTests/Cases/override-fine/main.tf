variable "v" {
  default = 1
}
locals {
  l = 1
}
resource "terraform_data" "a" {
  input = local.nope
}
