locals {
  a = { b = local.a }
}
