output "x" {
  value = upper(length([var.nope]))
}
