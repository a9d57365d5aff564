module "m" {
  source = "./m"
  provider "terraform" {}
}
