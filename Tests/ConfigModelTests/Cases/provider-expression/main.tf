variable "a" {}
resource "terraform_data" "a" {
  provider = upper(var.a)
}
