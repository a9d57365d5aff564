variable "address" {}
variable "keys" {}
variable "known_hosts" {}
variable "user" { default = "alice" }

provider "host" {
  user        = "root"
  private_key = "${var.keys}/id_ed25519"
  known_hosts = var.known_hosts
}

resource "host" "h" {
  address = var.address
}

resource "database" "shop" {
  host     = host.h
  name     = "shop"
  username = var.user
  password = "secret-secret"
}
