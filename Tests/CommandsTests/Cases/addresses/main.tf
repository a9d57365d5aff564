resource "terraform_data" "web" {
  count = 2
  input = count.index
}

resource "terraform_data" "none" {
  count = 0
}

module "part" {
  source = "./part"
}
