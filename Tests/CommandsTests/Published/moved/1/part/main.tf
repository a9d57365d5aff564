resource "terraform_data" "part" { input = "part" }
