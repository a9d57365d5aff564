run "a" {
  plan_options {
    target = ["terraform_data.a"]
    replace = [5]
  }
}
