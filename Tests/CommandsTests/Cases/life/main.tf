variable "size" {
  type    = number
  default = 2
}

resource "terraform_data" "base" {
  input = { name = "base", tags = ["a", "b"] }
}

resource "terraform_data" "each" {
  count = var.size
  input = "${terraform_data.base.output.name}-${count.index}"
}

output "names" {
  value = terraform_data.each[*].output
}
