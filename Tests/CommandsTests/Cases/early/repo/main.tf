output "name" { value = "of the repository" }
