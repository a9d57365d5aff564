resource "terraform_data" "plain" { input = 1 }
resource "terraform_data" "keyed" {
  for_each = toset(["a", "b.c"])
  input    = each.key
}
resource "terraform_data" "counted" {
  count = 3
  input = count.index
}
resource "terraform_data" "single" { input = terraform_data.plain.id }
resource "terraform_data" "repeated" {
  count = 1
  input = "r"
}
module "gone" {
  source = "./part"
}
module "keyed" {
  source   = "./part"
  for_each = { x = 1, y = 2 }
}
