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

resource "host_file" "note" {
  host    = host.h
  path    = "/srv/note"
  content = "one\n"
}
