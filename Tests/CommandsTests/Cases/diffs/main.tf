variable "v" {
  type    = number
  default = 1
}

locals {
  words = join(" ", [for i in range(30) : "word${i}"])
}

resource "terraform_data" "text" {
  input = "${join("\n", [for i in range(20) : "line ${i}${i == 9 && var.v == 2 ? " changed" : ""}"])}${var.v == 2 ? "\n" : ""}"
}

resource "terraform_data" "json" {
  input = jsonencode({ a = 1, b = { c = var.v, d = [1, 2, var.v] }, long = "x" })
}

resource "terraform_data" "spaces" {
  input = var.v == 1 ? "{\"a\":1}" : "{ \"a\": 1 }"
}

resource "terraform_data" "list" {
  input = concat(["a", "b", "c"], var.v == 2 ? ["d"] : [], ["e", "f", "g", "h"])
}

resource "terraform_data" "objects" {
  input = [for i in range(5) : { name = "n${i}", size = i == 3 ? var.v : 0, tags = [i] }]
}

resource "terraform_data" "set" {
  input = toset([{ name = "x", port = var.v }, { name = "y", port = 5 }, { name = "z", port = 6 }])
}

resource "terraform_data" "map" {
  input = { same = 1, changed = var.v, nested = { deep = { x = var.v, y = "same" } }, "quoted key" = var.v }
}

resource "terraform_data" "long" {
  input = "${local.words} here ${var.v} there ${local.words}"
}

resource "terraform_data" "steering" {
  input = "a\n\u001b[31mred ${var.v}\u202e\n"
}

resource "terraform_data" "secret" {
  input = { plain = var.v, hidden = sensitive("s${var.v}") }
}
