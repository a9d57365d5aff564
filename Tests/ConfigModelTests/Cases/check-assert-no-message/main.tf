variable "a" {}
check "x" {
  assert {
    condition = var.a == 1
  }
}
