variable "regions" {
  default = ["eu", "us"]
  type    = set(string)
}
variable "disabled" {
  default = []
  type    = set(string)
}
provider "null" {
  alias    = "by_region"
  for_each = var.regions
}
resource "null_resource" "r" {
  for_each = setsubtract(var.regions, var.disabled)
  provider = null.by_region[each.key]
}
module "m" {
  for_each  = setsubtract(var.regions, var.disabled)
  source    = "./m"
  providers = { null = null.by_region[each.key] }
}
