run "a" {
  plan_options {
    refresh = false
    replace = [terraform_data.a]
    mode = normal
  }
}
