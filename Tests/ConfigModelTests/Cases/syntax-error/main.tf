resource "terraform_data" "a" {
  input = 
}
output "x" {
  value = var.nope
}
