resource "terraform_data" "part" { input = "part" }
output "id" { value = terraform_data.part.id }
