variable "b" {
  validation {
    condition     = var.b != var.c
    error_message = "Bad."
  }
}
