resource "terraform_data" "only_here" { input = "prod" }
output "name" { value = terraform_data.only_here.input }
