variable "a" {}
variable "b" {
  validation {
    condition     = var.a != ""
    error_message = "Bad."
  }
}
