data "terraform_remote_state" "a" {
  backend = "local"
}
output "x" {
  value = terraform_remote_state.a.outputs
}
