resource "terraform_data" "a" {
  input = { name = "a", nested = { deep = [1, 2] } }
}
resource "terraform_data" "b" {
  input = terraform_data.a.output.name
}
output "b" { value = terraform_data.b.output }
output "null" { value = null }
