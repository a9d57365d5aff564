resource "terraform_data" "t" {
  lifecycle {
    enabled = false
  }
}

output "o" {
  value = terraform_data.t.id
}
