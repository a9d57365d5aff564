locals { name = "x" }
resource "terraform_data" "a" {
  inptu = local.nam
}
resource "terraform_data" "b" { input = terraform_data.c.id }
output "o" { value = upper(1, 2) }
