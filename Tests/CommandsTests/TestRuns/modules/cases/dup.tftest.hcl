run "a" {}
run "a" {}
