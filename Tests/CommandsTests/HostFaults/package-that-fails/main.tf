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

# What it does when it has been unpacked fails always.
resource "host_package" "p" {
  host = host.h
  name = "lab-broken"
}
