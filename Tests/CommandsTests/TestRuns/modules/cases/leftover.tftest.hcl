run "a" {
  module { source = "./keep" }
}
run "b" {}
