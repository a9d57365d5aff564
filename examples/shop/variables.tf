variable "addresses" {
  description = "The machines, by what they are for."
  type        = object({ edge = string, web1 = string, web2 = string })
  default     = { edge = "10.77.0.1", web1 = "10.77.0.2", web2 = "10.77.0.3" }
}

variable "user" {
  description = "User to log in as; one who is not root becomes root with sudo."
  type        = string
  default     = "root"
}

variable "private_key_file" {
  description = "Private key to log in with."
  type        = string
  default     = "~/.ssh/id_ed25519"
}

variable "known_hosts_file" {
  description = "The machines' keys."
  type        = string
  default     = "~/.ssh/known_hosts"
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
