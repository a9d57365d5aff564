mock_resource "terraform_data" {
  defaults = {
    id = "from-file"
  }
}
