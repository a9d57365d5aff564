variable "n" {
  type = number
  validation {
    condition     = var.n > 0
    error_message = "n must be positive, not ${var.n}."
  }
}
resource "terraform_data" "a" {
  input = var.n
  lifecycle {
    precondition {
      condition     = var.n < 10
      error_message = "Too large."
    }
    postcondition {
      condition     = self.output != 7
      error_message = "Seven is not wanted."
    }
  }
}
resource "terraform_data" "after" { input = terraform_data.a.id }
