module "m" { source = "../m" }
resource "terraform_data" "k" {}
output "o" { value = module.m.o }
