resource "terraform_data" "a" {
  lifecycle {
    create_before = true
  }
}
