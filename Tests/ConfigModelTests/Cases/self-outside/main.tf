resource "terraform_data" "b" {
  input = self.id
}
