resource "terraform_data" "a" {
  input = "kept"
}
