a = 1e90 .0
locals {
  a = x.* .0 .0
}
