provider "terraform" {
  region = "x"
}
resource "terraform_data" "a" {}
