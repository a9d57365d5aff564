variable "v" { default = "vv" }
variable "req" {}
variable "sec" {
  default = "s"
  sensitive = true
}
variable "eph" {
  default = "s"
  ephemeral = true
}
locals {
  l = { a = 1, b = [1, "x"] }
  d = terraform_data.x.output
}
resource "terraform_data" "x" { input = { z = "hello", n = 5 } }
resource "terraform_data" "c" {
  count = 2
  input = count.index
}
resource "terraform_data" "new" { input = "n" }
module "m" {
  source = "./m"
  i = terraform_data.x.output
}
output "o" { value = "oo" }
resource "terraform_data" "dep" {
  input = [terraform_data.c, local.d, module.m.mo, terraform_data.new.id]
  depends_on = [module.m]
  triggers_replace = var.v
}
module "k" {
  source = "./k"
  count = 2
  in = terraform_data.dep.id
}
output "z" { value = module.k[*].out }
