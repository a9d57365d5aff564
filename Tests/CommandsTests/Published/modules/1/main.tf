variable "names" {
  type    = set(string)
  default = ["one", "two"]
}

resource "terraform_data" "network" { input = "10.0.0.0/16" }

module "app" {
  source   = "./app"
  for_each = var.names
  name     = each.key
  network  = terraform_data.network.id
  settings = {
    size = 2
    ports = [80, 443]
  }
}

module "counted" {
  source     = "./leaf"
  count      = 2
  value      = count.index
  depends_on = [module.app]
}

output "all" { value = { for key, app in module.app : key => app.id } }
output "leaf" { value = module.app["one"].leaf }
output "counted" { value = module.counted[*].value }
