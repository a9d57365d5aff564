variable "x" {
  type = number
}
module "inner" {
  source = "../b"
  x      = var.x
}
output "y" {
  value = module.inner.y
}
