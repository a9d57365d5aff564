variable "x" {}
output "y" {
  value = var.x + 1
}
