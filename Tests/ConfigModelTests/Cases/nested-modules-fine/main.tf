module "a" {
  source = "./a"
  x      = 1
}
module "b" {
  source = "./a"
  x      = module.a.y
}
output "z" {
  value = module.b.y
}
