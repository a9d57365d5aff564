module "m" {
  source   = "./m"
  for_each = toset(["a", "b"])
  name     = each.key
}
output "ids" { value = { for k, m in module.m : k => m.label } }
