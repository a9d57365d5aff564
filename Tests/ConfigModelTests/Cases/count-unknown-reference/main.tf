resource "terraform_data" "a" {
  count = terraform_data.nope.id
}
