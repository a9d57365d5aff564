module "m" {
  source = "./m"
}
resource "terraform_data" "b" {
  depends_on = [module.m.id]
}
