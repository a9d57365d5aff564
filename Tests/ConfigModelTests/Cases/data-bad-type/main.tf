data "-x" "a" {}
