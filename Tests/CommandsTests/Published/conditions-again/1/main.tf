variable "port" {
  type    = number
  default = 80
  validation {
    condition     = var.port > 0
    error_message = "No port."
  }
  validation {
    condition     = var.port < 65536
    error_message = "Too high."
  }
}
resource "terraform_data" "a" {
  input = var.port
  lifecycle {
    precondition {
      condition     = var.port != 22
      error_message = "That is for SSH."
    }
    postcondition {
      condition     = self.id != ""
      error_message = "No id."
    }
  }
}
resource "terraform_data" "b" {
  count = 2
  input = count.index
  lifecycle {
    postcondition {
      condition     = self.output == count.index
      error_message = "Another output."
    }
  }
}
module "part" {
  source = "./part"
  size   = 3
}
output "port" {
  value = var.port
  precondition {
    condition     = terraform_data.a.output == 80
    error_message = "Not 80."
  }
}
check "passes" {
  assert {
    condition     = var.port == 80
    error_message = "Not the usual port."
  }
}
check "fails" {
  assert {
    condition     = var.port == 81
    error_message = "Port ${var.port} is not 81."
  }
  assert {
    condition     = var.port == 82
    error_message = "Nor 82."
  }
}
check "unknown" {
  assert {
    condition     = length(terraform_data.a.id) == 36
    error_message = "Not a UUID."
  }
}
