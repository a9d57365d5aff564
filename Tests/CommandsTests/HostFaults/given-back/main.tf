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

# What is under these names already is kept, and given back.
resource "host_user" "app" {
  host        = host.h
  name        = "app"
  create_home = true
}

resource "host_nftables_table" "mine" {
  host    = host.h
  name    = "mine"
  content = "chain input { type filter hook input priority 10; policy accept; }"
}
