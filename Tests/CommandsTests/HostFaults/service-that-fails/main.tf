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

resource "host_file" "unit" {
  host    = host.h
  path    = "/etc/systemd/system/shop.service"
  content = "[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/srv/shop\n"
}

resource "host_service" "shop" {
  host       = host.h
  name       = "shop"
  running    = true
  enabled    = false
  depends_on = [host_file.unit]
}
