resource "terraform_data" "c" {}
resource "terraform_data" "b" { input = terraform_data.c.id }
resource "terraform_data" "a" { input = [terraform_data.b.id, terraform_data.c.id] }
module "m" {
  source = "./m"
  depends_on = [terraform_data.a]
}
resource "terraform_data" "after" { depends_on = [module.m] }
check "k" {
  assert {
   condition = terraform_data.a.id != ""
   error_message = "x"
  }
}
output "x" { value = module.m.o }
module "a" { source = "./n" }
module "z" { source = "./n" }
resource "terraform_data" "q" { input = [module.z.o, module.a.o, module.m.o, terraform_data.c.id] }
