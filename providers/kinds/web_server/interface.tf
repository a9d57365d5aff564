# web_server: serves sites of files over HTTP. Ready when every site's page is really served.

variable "host" {
  description = "The machine it goes on: host.NAME, or the host of a server. Write this or provider."
  default     = null
}

variable "machine" {
  description = "The machine that a provider makes for it, with what a server takes: image (the provider's Debian where it is null), size, ssh_keys, user, network. Goes with provider."
  type = object({
    image = optional(string)
    size = optional(object({
      cpus   = optional(number, 1)
      memory = optional(number, 1024)
      disk   = optional(number)
    }), {})
    ssh_keys = optional(list(string), [])
    user     = optional(string)
    network  = optional(string)
  })
  default = null

  validation {
    condition     = var.machine == null || var.host == null
    error_message = "The machine is there already (host): machine goes with provider."
  }
}

variable "sites" {
  description = "What is served: name (unique on the host; letters, digits, dot, dash, underscore), port (TCP, 1 to 65535; one site a port), and content: text of each file by its path below the site, such as \"index.html\" or \"css/shop.css\"."
  type = list(object({
    name    = string
    port    = optional(number, 80)
    content = optional(map(string), {})
  }))
  nullable = false

  validation {
    condition     = length(var.sites) > 0
    error_message = "A web server needs at least one site."
  }
  validation {
    condition     = alltrue([for s in var.sites : can(regex("^[A-Za-z0-9_][A-Za-z0-9._-]{0,62}$", s.name))])
    error_message = "A site's name has letters, digits, dots, dashes and underscores, and at most 63 of them."
  }
  validation {
    condition     = length(distinct([for s in var.sites : s.name])) == length(var.sites)
    error_message = "Two sites have the same name."
  }
  validation {
    condition     = alltrue([for s in var.sites : s.port >= 1 && s.port <= 65535 && floor(s.port) == s.port])
    error_message = "A port is a whole number from 1 to 65535."
  }
  validation {
    condition     = length(distinct([for s in var.sites : s.port])) == length(var.sites)
    error_message = "Two sites have the same port."
  }
  validation {
    condition = alltrue(flatten([for s in var.sites : [
      for path in keys(s.content) : can(regex("^[^/\\n]+(/[^/\\n]+)*$", path)) && !contains(split("/", path), "..") && !contains(split("/", path), ".")
    ]]))
    error_message = "A file's path is relative to the site, such as \"index.html\" or \"css/shop.css\"."
  }
}

output "endpoints" {
  description = "Where each site is served, by its name: \"address:port\"."
}

output "host" {
  description = "The machine it is on."
}
