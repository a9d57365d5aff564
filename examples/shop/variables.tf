variable "addresses" {
  description = "The machines in the rack, by what they are for."
  type        = object({ edge = string, web1 = string, data = string })
}

variable "user" {
  description = "User to log in as; one who is not root becomes root with sudo."
  type        = string
  default     = "root"
}

variable "private_key_file" {
  description = "Private key to log in with; the public one is beside it."
  type        = string
  default     = "~/.ssh/id_ed25519"
}

variable "known_hosts_file" {
  description = "The keys of the machines in the rack."
  type        = string
  default     = "~/.ssh/known_hosts"
}

variable "lxd" {
  description = "The private cloud: where its API answers, by what it knows us, its own certificate where no authority vouches for it."
  type = object({
    address            = string
    client_certificate = optional(string, "~/.config/lxc/client.crt")
    client_key         = optional(string, "~/.config/lxc/client.key")
    server_certificate = optional(string)
    network            = optional(string, "lxdbr0")
    image              = optional(string, "debian-12")
  })
}

variable "aws" {
  description = "Where in AWS; endpoint is for something that speaks its API in its place."
  type        = object({ region = optional(string, "us-east-1"), endpoint = optional(string) })
  default     = {}
}

variable "db_password" {
  description = "Password of the role that the shop logs in as: TF_VAR_db_password is a place for it."
  type        = string
  sensitive   = true
}

variable "greeting" {
  description = "What the page says first."
  type        = string
  default     = "Welcome to the shop"
}
