output "name" { value = "dev" }
