module "m" {
  source = "./m"
  name   = each.key
}
