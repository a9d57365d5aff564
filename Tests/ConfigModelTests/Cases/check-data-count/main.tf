check "x" {
  data "terraform_remote_state" "a" {
    count   = 1
    backend = "local"
  }
  assert {
    condition     = true
    error_message = "x"
  }
}
