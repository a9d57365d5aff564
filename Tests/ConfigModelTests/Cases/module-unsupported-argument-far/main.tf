module "m" {
  source = "./m"
  zzz    = "x"
}
