# server: a machine that a cloud or a hypervisor makes, or one that is there already. Ready when it answers SSH; its output "host" goes
# wherever host = is written.

variable "host" {
  description = "The machine that it is, where there is one already: host.NAME. Nothing is made then, and nothing goes with it. Write this or provider."
  default     = null
}

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
  description = "What it starts from, as the provider names it: an alias, a name or an id. A machine that is there already has none."
  type        = string
  default     = null

  validation {
    condition     = (var.host == null) == (var.image != null)
    error_message = "A server that a provider makes needs an image; one that is there already (host) has none."
  }
}

variable "size" {
  description = "How large it is at least: cpus (processors), memory (MiB), disk (GiB; the image's own where it is null). Of a machine that is there already, processors and memory are compared."
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
  validation {
    condition     = var.size.disk == null ? true : var.host == null && var.size.disk >= 1
    error_message = "A disk has at least 1 GiB, and that of a machine that is there already stays as it is."
  }
}

variable "ssh_keys" {
  description = "Public keys that may log in from its first start on, each as in an authorized_keys file."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for k in var.ssh_keys : can(regex("^(ssh-|ecdsa-|sk-)[^\\n]+$", trimspace(k)))])
    error_message = "A key is one line, such as \"ssh-ed25519 AAAA… name\"."
  }
  validation {
    condition     = var.host == null || length(var.ssh_keys) == 0
    error_message = "Who may log in to a machine that is there already is settled: ssh_keys goes with provider."
  }
}

variable "user" {
  description = "User that Ashlar logs in as over SSH, one that the image has; by default the provider host's."
  type        = string
  default     = null

  validation {
    condition     = var.host == null || var.user == null
    error_message = "The user of a machine that is there already is written at its host."
  }
}

variable "network" {
  description = "Network or subnet it is attached to, as the provider names it; the provider's default where it is null."
  type        = string
  default     = null

  validation {
    condition     = var.host == null || var.network == null
    error_message = "A machine that is there already stays in its network: network goes with provider."
  }
}

variable "private_key" {
  description = "Private key that Ashlar logs in with. It is a setting of the provider \"host\"; here it is refused with a sentence that says so."
  type        = string
  default     = null
  sensitive   = true

  validation {
    condition     = var.private_key == null
    error_message = "What is put on a server logs in as the provider \"host\" says: write private_key there."
  }
}

variable "labels" {
  description = "Labels or tags that it carries."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = var.host == null || length(var.labels) == 0
    error_message = "A machine that is there already has no labels: labels goes with provider."
  }
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
