override_resource {
  target = terraform_data.b["k"]
  values = {
    id = "k-over"
  }
}
mock_resource "terraform_data" {
  override_during = plan
  defaults = {
    id = "planned"
  }
}
