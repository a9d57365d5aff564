variable "v" {
  validation {
    condition = var.v != "modbad"
    error_message = "modbad"
  }
}
resource "terraform_data" "x" { input = var.v }
output "a" { value = terraform_data.x.output }
output "b" { value = "b" }
