module "m" {
  source = "./m"
  name {}
}
