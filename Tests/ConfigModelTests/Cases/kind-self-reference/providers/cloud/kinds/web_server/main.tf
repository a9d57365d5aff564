resource "terraform_data" "server" {
  input = length(var.sites)
}
resource "cloud_server" "x" {}
resource "host_file" "y" {}
output "url" {
  value = terraform_data.server.output
}
