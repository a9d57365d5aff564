output "value" {
  value = "two"
}
