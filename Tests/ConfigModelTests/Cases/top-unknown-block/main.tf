resurce "a" "b" {}
