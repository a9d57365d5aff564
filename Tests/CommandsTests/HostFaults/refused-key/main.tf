variable "address" {}
variable "keys" {}
variable "key" {}
variable "known_hosts" {}

provider "host" {
  user        = "root"
  private_key = var.key
  known_hosts = var.known_hosts
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
