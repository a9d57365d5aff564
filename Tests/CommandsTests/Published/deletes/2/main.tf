resource "terraform_data" "keyed" {
  for_each = toset(["a"])
  input    = each.key
}
resource "terraform_data" "counted" {
  count = 1
  input = count.index
}
resource "terraform_data" "single" {
  count = 0
  input = 1
}
resource "terraform_data" "repeated" {
  for_each = { k = "r" }
  input    = each.value
}
module "keyed" {
  source   = "./part"
  for_each = { x = 1 }
}
