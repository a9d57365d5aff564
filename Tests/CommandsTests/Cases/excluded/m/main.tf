variable "i" {
  validation {
    condition = length(var.i) > 5
    error_message = "short"
  }
}
resource "terraform_data" "r" { input = var.i }
output "o" {
  value = terraform_data.r.id
  precondition {
    condition = var.i != "q"
    error_message = "q"
  }
}
