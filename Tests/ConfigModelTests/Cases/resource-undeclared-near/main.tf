resource "terraform_data" "network" {}
output "x" {
  value = terraform_data.netwrok.id
}
