resource "terraform_data" "t" {
  count = 1
  input = "x"
}

output "id" {
  value = terraform_data.t[0].id
}
