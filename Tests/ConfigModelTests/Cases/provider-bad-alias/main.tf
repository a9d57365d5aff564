provider "terraform" {
  alias = "1 a"
}
