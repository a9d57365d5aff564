locals {
  x = each.value
}
