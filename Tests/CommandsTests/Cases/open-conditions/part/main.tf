variable "text" {
  validation {
    condition     = var.text != "bad for part"
    error_message = "The part does not take that."
  }
}
output "text" { value = var.text }
