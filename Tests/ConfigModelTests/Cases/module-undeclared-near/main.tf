module "network" {
  source = "./m"
}
output "x" {
  value = module.netwrok.id
}
