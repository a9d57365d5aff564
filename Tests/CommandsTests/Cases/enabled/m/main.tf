resource "terraform_data" "inner" {
  input = "y"
}

output "value" {
  value = terraform_data.inner.input
}
