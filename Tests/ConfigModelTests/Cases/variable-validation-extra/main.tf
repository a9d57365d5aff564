variable "b" {
  validation {
    condition     = var.b != ""
    error_message = "Bad."
    extra         = 1
  }
}
