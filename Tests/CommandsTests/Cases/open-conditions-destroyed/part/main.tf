variable "text" {
  validation {
    condition     = var.text != uuid()
    error_message = "The part does not take that."
  }
}
output "text" { value = var.text }
