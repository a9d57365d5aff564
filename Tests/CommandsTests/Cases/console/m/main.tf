variable "i" {}
output "mo" { value = var.i }
output "two" { value = "2" }
