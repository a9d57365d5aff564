output "url" {}
