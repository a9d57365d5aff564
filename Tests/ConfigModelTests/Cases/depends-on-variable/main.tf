variable "a" {
  default = 1
}
resource "terraform_data" "b" {
  depends_on = [var.a]
}
