check "x" {
  data "terraform_remote_state" "a" {
    backend = "local"
  }
  assert {
    condition     = data.terraform_remote_state.a.outputs != null
    error_message = "x"
  }
}
output "x" {
  value = data.terraform_remote_state.a.outputs
}
