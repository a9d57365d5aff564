variable "size" {
  type = number
  validation {
    condition     = var.size > 2
    error_message = "Too small."
  }
}
resource "terraform_data" "part" {
  input = var.size
  lifecycle {
    precondition {
      condition     = var.size < 10
      error_message = "Too large."
    }
  }
}
check "inner" {
  assert {
    condition     = var.size == 4
    error_message = "Not four."
  }
}
output "size" {
  value = var.size
  precondition {
    condition     = var.size == 3
    error_message = "Not three."
  }
}
