provider "terraform" {
  alias = "west"
}
module "m" {
  source = "./m"
  providers = {
    terraform.x = terraform.west
  }
}
