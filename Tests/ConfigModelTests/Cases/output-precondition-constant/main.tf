output "x" {
  value = 1
  precondition {
    condition     = 1 == 1
    error_message = "x"
  }
}
