variable "v" {
  default = 1
}
locals {
  numbers = flatten([for a in range(5) : [for b in range(1000) : a * 1000 + b]])
  # Each of 64 characters.
  lines = [for i in local.numbers : format("%064d", i * var.v)]
}
resource "terraform_data" "lines" {
  input = join("\n", local.lines)
}
resource "terraform_data" "one_line" {
  input = join("", local.lines)
}
resource "terraform_data" "json" {
  input = jsonencode(local.lines)
}
resource "terraform_data" "one_changes" {
  input = join("\n", [for i in local.numbers : i == 2500 ? "${var.v}" : "line ${i}"])
}
resource "terraform_data" "long_line" {
  input = "a\n${join("", local.lines)}\nb\n"
}
