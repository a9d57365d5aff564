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

resource "host_file" "large" {
  host    = host.h
  path    = "/srv/small/large"
  content = join("", [for i in range(1000) : join("", [for j in range(4) : "A line of some sixty bytes, which fills a disk of 64 KiB soon.\n"])])
}
