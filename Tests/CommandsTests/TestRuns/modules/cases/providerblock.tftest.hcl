provider "terraform" {}
run "a" {}
