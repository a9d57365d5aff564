variable "x" {
  type    = string
  default = "d"
  validation {
    condition     = var.x != "bad"
    error_message = "Not bad."
  }
}
resource "terraform_data" "a" {
  input = var.x
}
resource "terraform_data" "b" {
  for_each = toset(["k", "l"])
  input    = each.key
}
output "id" {
  value = terraform_data.a.id
}
output "ids" {
  value = { for k, b in terraform_data.b : k => b.id }
}
output "x" {
  value = var.x
}
