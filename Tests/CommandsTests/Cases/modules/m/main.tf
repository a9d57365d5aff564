variable "name" { type = string }
resource "terraform_data" "t" { input = "is-${var.name}" }
output "label" { value = upper(terraform_data.t.output) }
