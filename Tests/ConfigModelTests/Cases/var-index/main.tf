output "x" {
  value = var["a"]
}
