resource "null_resource" "plain" {}
resource "null_resource" "triggered" { triggers = { a = "1" } }
resource "null_resource" "many" {
  count    = 2
  triggers = { n = count.index }
}
resource "null_resource" "far" {}
resource "random_pet" "pet" {}
