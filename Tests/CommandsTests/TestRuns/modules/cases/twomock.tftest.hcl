mock_provider "terraform" {}
mock_provider "terraform" {}
provider "terraform" {}
run "a" {}
