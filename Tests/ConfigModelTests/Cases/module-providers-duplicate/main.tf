provider "terraform" {
  alias = "west"
}
module "m" {
  source = "./m"
  providers = {
    terraform = terraform.west
    terraform = terraform.west
  }
}
