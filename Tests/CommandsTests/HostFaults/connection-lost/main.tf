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

resource "host_file" "first" {
  host    = host.h
  path    = "/srv/first"
  content = "one\n"
}

# Its check shows that the script is under way, and waits.
resource "host_file" "note" {
  host       = host.h
  path       = "/srv/note"
  content    = "one\n"
  check      = "[ -e /run/go ] || { touch /run/reached; sleep 600; }"
  depends_on = [host_file.first]
}

resource "host_file" "last" {
  host       = host.h
  path       = "/srv/last"
  content    = "one\n"
  depends_on = [host_file.note]
}
