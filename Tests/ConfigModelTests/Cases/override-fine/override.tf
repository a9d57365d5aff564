variable "v" {
  default = 2
}
locals {
  l = var.v
}
resource "terraform_data" "a" {
  input = local.l
}
