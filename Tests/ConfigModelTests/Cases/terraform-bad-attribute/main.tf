output "x" {
  value = terraform.env
}
