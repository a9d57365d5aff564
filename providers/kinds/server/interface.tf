# server: a machine that a cloud or a hypervisor makes. Ready when it answers SSH; its output "host" goes wherever host = is written.

variable "name" {
  description = "Name of the machine, and its host name: letters, digits, dashes."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$", var.name))
    error_message = "A server's name has small letters, digits and dashes, begins with a letter and has at most 63 characters."
  }
}

variable "image" {
  description = "What it starts from, as the provider names it: an alias, a name or an id."
  type        = string
  nullable    = false
}

variable "size" {
  description = "How large it is at least: cpus (processors), memory (MiB), disk (GiB; the image's own where it is null)."
  type = object({
    cpus   = optional(number, 1)
    memory = optional(number, 1024)
    disk   = optional(number)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.size.cpus >= 1 && floor(var.size.cpus) == var.size.cpus && var.size.memory >= 64
    error_message = "A server has at least one processor and 64 MiB of memory."
  }
}

variable "ssh_keys" {
  description = "Public keys that may log in, each as in an authorized_keys file."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for k in var.ssh_keys : can(regex("^(ssh-|ecdsa-|sk-)[^\\n]+$", trimspace(k)))])
    error_message = "A key is one line, such as \"ssh-ed25519 AAAA… name\"."
  }
}

variable "user" {
  description = "User that logs in over SSH; the one that the image foresees by default."
  type        = string
  default     = null
}

variable "network" {
  description = "Network or subnet it is attached to, as the provider names it; the provider's default where it is null."
  type        = string
  default     = null
}

variable "private_key" {
  description = "Private key that Ashlar logs in with; what the provider \"host\" has by default."
  type        = string
  default     = null
  sensitive   = true
}

variable "labels" {
  description = "Labels or tags that it carries."
  type        = map(string)
  default     = {}
  nullable    = false
}

output "host" {
  description = "The machine, accepted wherever host = is written."
}

output "address" {
  description = "Address that it is reached at."
}

output "name" {
  description = "Name of the machine."
}
