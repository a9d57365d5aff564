variable "a" {}
module "m" {
  source = var.a
}
