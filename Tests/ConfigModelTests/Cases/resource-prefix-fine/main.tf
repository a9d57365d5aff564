resource "terraform_data" "a" {}
output "x" {
  value = resource.terraform_data.a.id
}
