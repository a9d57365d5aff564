variable "v" {
  default = []
}
output "x" {
  value = [for s in var.v : s.id]
}
