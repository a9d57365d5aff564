output "x" {
  value = 1
  postcondition {
    condition     = true
    error_message = "x"
  }
}
