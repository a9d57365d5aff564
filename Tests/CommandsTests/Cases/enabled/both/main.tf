resource "terraform_data" "t" {
  count = 1
  lifecycle {
    enabled = true
  }
}
