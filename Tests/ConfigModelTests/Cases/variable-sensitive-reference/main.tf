variable "a" {
  sensitive = var.a
}
