variable "size" {
  type    = number
  default = 1
}

variable "secret" {
  default   = "hidden"
  sensitive = true
}

resource "terraform_data" "disk" {
  input            = var.secret
  triggers_replace = var.size
}

output "disk" { value = terraform_data.disk.id }

output "secret" {
  value     = var.secret
  sensitive = true
}

check "size" {
  assert {
    condition     = var.size < 2
    error_message = "Large."
  }
}
