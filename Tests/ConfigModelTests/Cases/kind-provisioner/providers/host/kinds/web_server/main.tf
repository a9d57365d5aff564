resource "terraform_data" "package" {
  input = var.host
  lifecycle {
    principal = true
  }
}
output "url" {
  value = "http://${terraform_data.package.output.address}"
}
