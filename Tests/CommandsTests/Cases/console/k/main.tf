variable "in" {}
resource "terraform_data" "a" { input = var.in }
resource "terraform_data" "b" { input = terraform_data.a.output }
module "deep" { 
  source = "../m2"
  v = terraform_data.b.id
}
output "out" { value = module.deep.o }
