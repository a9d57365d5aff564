resource "terraform_data" "a" {
  input = { name = "other", list = [1, 2, 3] }
}
resource "terraform_data" "b" {
  input = terraform_data.a.output
}
resource "terraform_data" "c" {
  input = "same"
}
output "changed" { value = terraform_data.a.output.name }
output "same" { value = terraform_data.c.output }
output "added" { value = terraform_data.b.id }
output "to_null" { value = null }
output "from_null" { value = "y" }
