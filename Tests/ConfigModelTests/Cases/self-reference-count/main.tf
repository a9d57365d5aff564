resource "terraform_data" "b" {
  count = length(terraform_data.b)
}
