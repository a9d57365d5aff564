variable "address" {}
variable "keys" {}
variable "sudo" {
  default   = null
  sensitive = true
}
variable "known_hosts" {}

provider "host" {
  user        = "ops"
  private_key = "${var.keys}/id_ed25519"
  known_hosts = var.known_hosts
  become_password = var.sudo
}

resource "host" "h" {
  address = var.address
  timeout = 10
}

resource "host_file" "note" {
  host    = host.h
  path    = "/srv/note"
  content = "one\n"
}
