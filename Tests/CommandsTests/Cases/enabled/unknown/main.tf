resource "terraform_data" "a" {
}

resource "terraform_data" "t" {
  lifecycle {
    enabled = terraform_data.a.id == "x"
  }
}
