# Nothing is known of the variables while validating: neither how many instances there are, nor their keys.
variable "pages" {
  type = map(object({ path = string }))
}

variable "copies" {
  type = number
}

locals {
  sizes = { for name, page in var.pages : name => length(page.path) }
}

resource "terraform_data" "page" {
  for_each = var.pages
  input    = { path = "/${each.key}", size = local.sizes[each.key] }
}

resource "terraform_data" "copy" {
  count = var.copies
  input = terraform_data.page["index"].output.path
}

output "third" {
  value = terraform_data.copy[2].output
}
