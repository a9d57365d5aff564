variable "a" {
  type = var.b
}
