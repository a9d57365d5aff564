module "m" {
  source = "./m"
}
locals {
  all = module.m
}
