variable "name" {
  type        = string
  description = "What it is called."
  validation {
    condition     = length(var.name) > 1
    error_message = "Too short."
  }
}
variable "network" {}
variable "settings" {
  type = object({ size = number, ports = list(number), label = optional(string, "none") })
}
variable "hidden" {
  default   = "h"
  sensitive = true
}
resource "terraform_data" "server" {
  count = var.settings.size
  input = {
    name    = "${var.name}-${count.index}"
    network = var.network
    port    = var.settings.ports[0]
    label   = var.settings.label
    hidden  = var.hidden
  }
}
module "leaf" {
  source = "../leaf"
  value  = terraform_data.server[0].id
}
output "id" {
  value       = terraform_data.server[*].id
  description = "Of all."
}
output "leaf" {
  value      = module.leaf.value
  depends_on = [terraform_data.server]
}
output "hidden" {
  value     = var.hidden
  sensitive = true
}
