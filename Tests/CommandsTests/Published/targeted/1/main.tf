resource "terraform_data" "a" {
  input = "a"
}
resource "terraform_data" "b" {
  input = terraform_data.a.id
}
resource "terraform_data" "c" {
  input = "c"
}
output "b" { value = terraform_data.b.id }
output "c" { value = terraform_data.c.id }
