variable "address" {}
variable "keys" {}
variable "known_hosts" {}
variable "port" { default = 22 }
variable "name" { default = "web" }
variable "from" { default = "10.0.0.0/8" }

provider "host" {
  user            = "root"
  private_key     = "${var.keys}/id_ed25519"
  known_hosts     = var.known_hosts
  trust_new_hosts = true
}

resource "host" "h" {
  address = var.address
  port    = var.port
}

resource "firewall" "web" {
  host    = host.h
  name    = var.name
  inbound = [for port in [80, 2222] : { port = port, from = [var.from] }]
}
