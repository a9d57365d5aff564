variable "value" {}
resource "terraform_data" "leaf" { input = var.value }
output "value" { value = terraform_data.leaf.output }
