variable "password" {
  type      = string
  default   = "hunter2"
  sensitive = true
}
resource "terraform_data" "a" {
  input = { user = "u", password = var.password, list = ["x", var.password] }
}
resource "terraform_data" "whole" {
  input            = var.password
  triggers_replace = [var.password]
}
resource "terraform_data" "plain" {
  input = nonsensitive(var.password)
}
output "password" {
  value     = var.password
  sensitive = true
}
output "partly" {
  value     = terraform_data.a.output
  sensitive = true
}
output "marked" {
  value     = "plain"
  sensitive = true
}
