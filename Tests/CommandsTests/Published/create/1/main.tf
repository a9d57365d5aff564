variable "region" {
  type        = string
  default     = "north"
  description = "Where it stands."
}

variable "sizes" {
  type    = map(number)
  default = { small = 1, large = 8.5 }
}

variable "note" {
  type     = string
  default  = null
  nullable = true
}

locals {
  tags = { for key, size in var.sizes : upper(key) => "${var.region}-${size}" }
}

resource "terraform_data" "base" {
  input = {
    region = var.region
    tags   = local.tags
    none   = var.note
    list   = ["a", 1, true]
  }
}

resource "terraform_data" "next" {
  input            = terraform_data.base.id
  triggers_replace = [terraform_data.base.output.region, "fixed"]
  depends_on       = [terraform_data.last]
}

resource "terraform_data" "last" {
  input = "last in ${path.module}"
}

output "text" {
  value       = var.region
  description = "Its place."
}
output "number" { value = 1.5 }
output "flag" { value = true }
output "nothing" { value = null }
output "typed_nothing" { value = var.note }
output "list" { value = tolist(["b", "a"]) }
output "set" { value = toset(["b", "a"]) }
output "map" { value = var.sizes }
output "tuple" { value = [1, "a", null, { b = [] }] }
output "object" { value = { a = terraform_data.next.id, b = { c = [terraform_data.next.output, 1] } } }
output "unknown" { value = terraform_data.base.id }
output "unknown_list" { value = terraform_data.base.output.list }
