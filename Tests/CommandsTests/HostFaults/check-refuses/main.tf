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

variable "content" {
  default = "one\n"
}

resource "host_file" "note" {
  host    = host.h
  path    = "/srv/note"
  content = var.content
  check   = "grep -q one /srv/note || { echo 'two is not one' >&2; exit 3; }"
}

resource "host_file" "other" {
  host    = host.h
  path    = "/srv/other"
  content = var.content
}

resource "host_file" "after" {
  host    = host.h
  path    = "/srv/after"
  content = host_file.note.sha256
}
