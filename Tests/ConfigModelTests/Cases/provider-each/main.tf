provider "terraform" {
  alias = "x"
  region = each.key
}
