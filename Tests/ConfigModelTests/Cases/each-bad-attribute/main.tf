resource "terraform_data" "b" {
  for_each = {}
  input    = each.kee
}
