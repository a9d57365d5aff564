terraform {
  required_version = ">= 1.0"
}

variable "flag" {
  type    = bool
  default = false
}
variable "things" {
  default = [{ name = "a", size = 1 }, { name = "b", size = 2 }]
}

locals {
  first = var.things[0].name
  many  = [for thing in var.things : thing.name if thing.size > 0]
}

resource "terraform_data" "literal" {
  input            = 12
  triggers_replace = "text"
}
resource "terraform_data" "null" { input = null }
resource "terraform_data" "list" { input = [1, "two", { three = 3 }] }
resource "terraform_data" "mixed" {
  input = {
    a = 1
    b = terraform_data.literal.output
    c = [terraform_data.list.output[0], terraform_data.list.output]
  }
}
resource "terraform_data" "negative" { input = -3 }
resource "terraform_data" "template" { input = "x-${terraform_data.literal.id}-${local.first}" }
resource "terraform_data" "wrapped" { input = "${var.flag}" }
resource "terraform_data" "call" { input = join(",", concat(local.many, [terraform_data.each["k"].id])) }
resource "terraform_data" "conditional" { input = var.flag ? terraform_data.count[0].id : terraform_data.each["k"].output.value }
resource "terraform_data" "splat" { input = terraform_data.count[*].output }
resource "terraform_data" "computed" { input = terraform_data.count[var.flag ? 1 : 0].output }
resource "terraform_data" "for" { input = { for key, item in terraform_data.each : key => item.output.value } }
resource "terraform_data" "constant_call" { input = upper("a") }
resource "terraform_data" "paths" { input = [path.module, path.root, terraform.workspace] }
resource "terraform_data" "heredoc" {
  input = <<-EOT
    flag: ${var.flag}
    %{for name in local.many~}
    - ${name}
    %{endfor~}
  EOT
}

resource "terraform_data" "count" {
  count = 1 + length(var.things)
  input = count.index * 2
}
resource "terraform_data" "each" {
  for_each   = { k = "v" }
  input      = { key = each.key, value = each.value }
  depends_on = [terraform_data.null, terraform_data.list]
  lifecycle {
    replace_triggered_by = [terraform_data.literal.output]
  }
}
resource "terraform_data" "zero" {
  count = 0
  input = "never"
}

output "splat" {
  value      = terraform_data.count[*].id
  depends_on = [terraform_data.null]
}
output "local" { value = local.many }
output "constant" { value = "x" }
output "sum" { value = 1 + 1 }
output "indexed" { value = terraform_data.list.output[2].three }
output "whole" { value = terraform_data.literal }
output "secret" {
  value     = sensitive("s")
  sensitive = true
}
