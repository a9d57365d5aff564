locals {
  a = local.bb
  b = 1
}
