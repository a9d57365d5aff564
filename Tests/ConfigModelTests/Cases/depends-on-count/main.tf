resource "terraform_data" "b" {
  count      = 1
  depends_on = [count.index]
}
