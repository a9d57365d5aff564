locals {
  region = "x"
  a      = local.regoin
}
