resource "1abc" "a" {}
