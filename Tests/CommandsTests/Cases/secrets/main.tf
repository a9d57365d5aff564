variable "password" {
  type      = string
  sensitive = true
}
resource "terraform_data" "db" { input = { user = "app", password = var.password } }
output "password" {
  value     = terraform_data.db.input.password
  sensitive = true
}
