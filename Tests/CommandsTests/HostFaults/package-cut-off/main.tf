variable "address" {}
variable "keys" {}
variable "known_hosts" {}

provider "host" {
  user        = "root"
  private_key = "${var.keys}/id_ed25519"
  known_hosts = var.known_hosts
}

resource "host" "h" {
  address = var.address
}

# It takes a while, and its packages keep themselves from being removed when nothing needs them any more.
resource "host_package" "p" {
  host = host.h
  name = "postgresql"
}
