resource "terraform_data" "a" {
  connection {}
  connection {}
}
