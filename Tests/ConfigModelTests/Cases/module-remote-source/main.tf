module "m" {
  source = "git::https://example.com/x.git"
}
