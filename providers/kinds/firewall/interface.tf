# firewall: lets in what its rules say and nothing else. Several firewalls of one target unite: what any of them lets in comes in.
# What the target itself asks for is answered; what holds the operator's own connection stays open.

variable "host" {
  description = "The machine it guards: host.NAME, or the host of a server. Write this or provider."
  default     = null
}

variable "name" {
  description = "Name of the rules on the target; from the resource's address by default. Small letters, digits, dash, underscore, at most 40."
  type        = string
  default     = null

  validation {
    condition     = var.name == null || can(regex("^[a-z0-9_][a-z0-9_-]{0,39}$", var.name))
    error_message = "A name has small letters, digits, dashes and underscores, and at most 40 of them."
  }
}

variable "inbound" {
  description = "What is let in: protocol (\"tcp\", \"udp\", \"icmp\" or \"all\"), port (1 to 65535, for tcp and udp; null: all), last_port (where a range of ports is meant), from (addresses or networks, such as \"10.0.0.7\" or \"10.0.0.0/8\"; \"0.0.0.0/0\" and \"::/0\" are everywhere)."
  type = list(object({
    protocol  = optional(string, "tcp")
    port      = optional(number)
    last_port = optional(number)
    from      = list(string)
  }))
  default  = []
  nullable = false

  validation {
    condition     = alltrue([for r in var.inbound : contains(["tcp", "udp", "icmp", "all"], r.protocol)])
    error_message = "A protocol is \"tcp\", \"udp\", \"icmp\" or \"all\", not \"${join("\", \"", [for r in var.inbound : r.protocol if !contains(["tcp", "udp", "icmp", "all"], r.protocol)])}\"."
  }
  validation {
    condition     = alltrue([for r in var.inbound : r.port == null || contains(["tcp", "udp"], r.protocol)])
    error_message = "Only tcp and udp have ports."
  }
  validation {
    condition     = alltrue([for r in var.inbound : r.port == null ? r.last_port == null : r.port >= 1 && floor(r.port) == r.port && coalesce(r.last_port, r.port) >= r.port && coalesce(r.last_port, r.port) <= 65535 && floor(coalesce(r.last_port, r.port)) == coalesce(r.last_port, r.port)])
    error_message = "A port is a whole number from 1 to 65535, and last_port is not before port, nor without it: ${join("; ", [for r in var.inbound : join(" to ", compact([r.port, r.last_port])) if !(r.port == null ? r.last_port == null : r.port >= 1 && floor(r.port) == r.port && coalesce(r.last_port, r.port) >= r.port && coalesce(r.last_port, r.port) <= 65535 && floor(coalesce(r.last_port, r.port)) == coalesce(r.last_port, r.port))])}."
  }
  validation {
    condition     = alltrue([for r in var.inbound : length(r.from) > 0])
    error_message = "A rule says from where; \"0.0.0.0/0\" is everywhere in IPv4, \"::/0\" everywhere in IPv6."
  }
  validation {
    condition     = alltrue(flatten([for r in var.inbound : [for a in r.from : can(cidrhost(a, 0)) || can(cidrhost("${a}/32", 0)) || can(cidrhost("${a}/128", 0))]]))
    error_message = "from names addresses or networks, such as \"10.0.0.7\" or \"10.0.0.0/8\", not \"${join("\", \"", flatten([for r in var.inbound : [for a in r.from : a if !can(cidrhost(a, 0)) && !can(cidrhost("${a}/32", 0)) && !can(cidrhost("${a}/128", 0))]]))}\"."
  }
}

output "name" {
  description = "Name of the rules on the target."
}

output "host" {
  description = "The machine it guards; null where a provider keeps it."
}
