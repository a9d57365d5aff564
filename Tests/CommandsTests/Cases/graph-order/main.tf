resource "terraform_data" "b" { }
resource "terraform_data" "a" { input = [terraform_data.b.id, module.m.o, terraform_data.z] }
resource "terraform_data" "z" { }
module "m" { source = "./m" }
