run "b" {
  module { source = "./m2" }
}
run "c" {}
