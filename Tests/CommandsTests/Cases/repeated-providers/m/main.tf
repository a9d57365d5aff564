resource "null_resource" "in" {}
