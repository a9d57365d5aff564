variable "env" { default = "dev" }
locals { folder = "./env/${var.env}" }
module "env" { source = local.folder }
module "site" {
  source = "./site"
  kind   = "${var.env}"
}
output "found" { value = [module.env.name, module.site.name] }
