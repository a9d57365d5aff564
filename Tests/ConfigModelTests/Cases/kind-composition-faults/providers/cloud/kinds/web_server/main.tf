variable "own" {}
resource "terraform_data" "server" {
  input = var.own
}
output "other" {
  value = local.nope
}
