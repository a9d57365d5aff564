resource "terraform_data" "a" { input = terraform.workspace }
output "w" { value = terraform_data.a.output }
