provider "terraform" {
  alias = var.x
}
