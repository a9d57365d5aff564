run "a" {
  variables {}
  variables {}
  plan_options {}
  plan_options {}
  module { source = "./alt" }
  module { source = "./alt" }
}
