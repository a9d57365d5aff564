resource "terraform_data" "a" {
  for_each = {}
}
output "x" {
  value = terraform_data.a.id
}
