variable "v" {
  default = []
}
resource "terraform_data" "a" {
  provisioner "local-exec" {
    command = "x ${self.id}"
  }
}
locals {
  a = { for k, v in { a = 1 } : k => v if v != 0 }
  b = var.v[*].id
  c = "%{ for x in var.v }${x}%{ endfor }"
}
