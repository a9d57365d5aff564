resource "terraform_data" "b" {
  count = count.index
}
