data "terraform_remote_state" "1a" {
  backend = "local"
}
