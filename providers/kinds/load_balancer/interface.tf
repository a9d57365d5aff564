# load_balancer: passes connections on to healthy backends. Ready when it accepts connections and all of its backends are healthy.

variable "host" {
  description = "The machine it goes on: host.NAME, or the host of a server. Write this or provider."
  default     = null
}

variable "listen" {
  description = "Where it listens: port (TCP, 1 to 65535) and protocol: \"http\" (requests are passed on one by one) or \"tcp\" (bytes as they come)."
  type = object({
    port     = optional(number, 80)
    protocol = optional(string, "http")
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.listen.port >= 1 && var.listen.port <= 65535 && floor(var.listen.port) == var.listen.port
    error_message = "A port is a whole number from 1 to 65535."
  }
  validation {
    condition     = contains(["http", "tcp"], var.listen.protocol)
    error_message = "A protocol is \"http\" or \"tcp\"."
  }
}

variable "backends" {
  description = "What it passes connections on to, each \"address:port\"."
  type        = list(string)
  nullable    = false

  validation {
    condition     = alltrue([for b in var.backends : can(regex("^([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+\\]):[0-9]{1,5}$", b))])
    error_message = "A backend is \"address:port\", such as \"10.0.0.7:8080\"."
  }
  validation {
    condition     = length(distinct(var.backends)) == length(var.backends)
    error_message = "A backend is named twice."
  }
}

variable "health_check" {
  description = "How it finds out whether a backend is healthy: path (of an HTTP GET that must answer 200 to 399; null: a connection is enough), interval (seconds between checks), rise and fall (checks in a row that make a backend healthy or not)."
  type = object({
    path     = optional(string)
    interval = optional(number, 2)
    rise     = optional(number, 2)
    fall     = optional(number, 3)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.health_check.path == null || can(regex("^/[^\\s\"'\\\\#]*$", var.health_check.path))
    error_message = "A path begins with \"/\" and has no blanks and no quotes."
  }
  validation {
    condition     = var.health_check.interval >= 1 && var.health_check.rise >= 1 && var.health_check.fall >= 1
    error_message = "interval, rise and fall are at least 1."
  }
}

output "endpoint" {
  description = "Where it listens: \"address:port\"."
}

output "address" {
  description = "Address or name that it is reached at."
}

output "host" {
  description = "The machine it is on; null where a provider runs it."
}
