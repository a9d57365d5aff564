resource "terraform_data" "a" {
  for_each = { x = 1 }
  lifecycle {
    precondition {
      condition     = each.value == 1
      error_message = "Bad ${each.key}."
    }
  }
}
