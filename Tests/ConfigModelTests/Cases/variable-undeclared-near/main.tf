variable "region" {}
output "x" {
  value = var.regoin
}
