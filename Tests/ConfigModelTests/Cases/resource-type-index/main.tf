output "x" {
  value = terraform_data["x"]
}
