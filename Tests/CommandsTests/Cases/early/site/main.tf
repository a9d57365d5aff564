variable "kind" {}
module "inner" { source = "../env/${var.kind}" }
output "name" { value = module.inner.name }
