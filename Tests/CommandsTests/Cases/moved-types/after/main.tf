resource "terraform_data" "plain" {}
moved {
  from = null_resource.plain
  to   = terraform_data.plain
}
resource "terraform_data" "triggered" { triggers_replace = { a = "1" } }
moved {
  from = null_resource.triggered
  to   = terraform_data.triggered
}
resource "terraform_data" "many" {
  for_each         = toset(["a", "b"])
  input            = each.key
  triggers_replace = { n = each.key == "a" ? "0" : "2" }
}
moved {
  from = null_resource.many[0]
  to   = terraform_data.many["a"]
}
moved {
  from = null_resource.many[1]
  to   = terraform_data.many["b"]
}
module "m" { source = "./m" }
moved {
  from = null_resource.far
  to   = module.m.terraform_data.once
}
resource "random_pet" "pet" {}
output "triggers" { value = terraform_data.triggered.triggers_replace }
