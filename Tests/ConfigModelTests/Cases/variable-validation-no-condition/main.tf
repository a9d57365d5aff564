variable "a" {
  validation {
    error_message = "x"
  }
}
