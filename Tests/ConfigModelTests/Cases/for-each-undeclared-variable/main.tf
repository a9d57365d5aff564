resource "terraform_data" "a" {
  for_each = var.nope
}
