variable "secret" {
  type      = string
  default   = "hidden"
  sensitive = true
}
resource "terraform_data" "a" { input = var.secret }
resource "terraform_data" "b" {
  count = 2
  input = terraform_data.a.id
}
output "b" { value = terraform_data.b[*].id }
output "secret" {
  value     = var.secret
  sensitive = true
}
