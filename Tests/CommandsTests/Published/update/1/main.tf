resource "terraform_data" "a" {
  input = { name = "a", list = [1, 2], gone = true }
}
resource "terraform_data" "b" {
  input = terraform_data.a.output
}
resource "terraform_data" "c" {
  input = "same"
}
output "changed" { value = terraform_data.a.output.name }
output "same" { value = terraform_data.c.output }
output "gone" { value = 1 }
output "to_null" { value = "x" }
output "from_null" { value = null }
