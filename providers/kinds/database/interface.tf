# database: one database with the role that uses it. Ready when a query runs as that role.

variable "host" {
  description = "The machine it goes on: host.NAME, or the host of a server. Write this or provider."
  default     = null
}

variable "engine" {
  description = "The database system: \"postgresql\"."
  type        = string
  default     = "postgresql"
  nullable    = false

  validation {
    condition     = var.engine == "postgresql"
    error_message = "The engine is \"postgresql\"."
  }
}

variable "version" {
  description = "Major version of the engine, such as \"15\"; what the target has by default."
  type        = string
  default     = null

  validation {
    condition     = var.version == null || can(regex("^[0-9]{1,2}([.][0-9]+)?$", var.version))
    error_message = "A version is a number, such as \"15\"."
  }
}

variable "name" {
  description = "Name of the database: small letters, digits, underscores."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z_][a-z0-9_]{0,62}$", var.name))
    error_message = "A database's name has small letters, digits and underscores, does not begin with a digit, and has at most 63 characters."
  }
}

variable "username" {
  description = "Role that owns the database and logs in to it: small letters, digits, underscores."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z_][a-z0-9_]{0,62}$", var.username)) && !contains(["postgres", "all", "replication"], var.username)
    error_message = "A role's name has small letters, digits and underscores, does not begin with a digit, and is none of the system's own."
  }
}

variable "password" {
  description = "Password of the role, one line."
  type        = string
  sensitive   = true
  nullable    = false

  validation {
    condition     = length(var.password) >= 8 && !can(regex("[\\r\\n]", var.password))
    error_message = "A password is one line of at least eight characters."
  }
}

variable "allowed_from" {
  description = "From where the role may log in: addresses or networks, such as \"10.0.0.7\" or \"10.0.0.0/8\". Nobody else gets as far as the password."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for a in var.allowed_from : can(cidrhost(a, 0)) || can(cidrhost("${a}/32", 0)) || can(cidrhost("${a}/128", 0))])
    error_message = "allowed_from names addresses or networks, such as \"10.0.0.7\" or \"10.0.0.0/8\"."
  }
}

variable "protect" {
  description = "Whether the data is kept from being deleted: a plan that would delete or replace it stops there."
  type        = bool
  default     = true
  nullable    = false
}

output "endpoint" {
  description = "Where it answers: \"address:port\"."
}

output "address" {
  description = "Address or name that it is reached at."
}

output "port" {
  description = "TCP port that it answers at."
}

output "name" {
  description = "Name of the database."
}

output "username" {
  description = "Role that owns it."
}

output "host" {
  description = "The machine it is on; null where a provider runs it."
}
