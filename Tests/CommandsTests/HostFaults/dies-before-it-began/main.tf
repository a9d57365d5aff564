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

# The machine dies while this waits, and never comes to the others, which say exactly what is there already.
resource "host_file" "first" {
  host     = host.h
  path     = "/srv/first"
  content  = "one\n"
  validate = "[ -e /run/go ] || { touch /run/reached; sleep 600; }"
}

resource "host_directory" "data" {
  host            = host.h
  path            = "/srv/precious"
  delete_contents = true
  depends_on      = [host_file.first]
}

resource "host_group" "staff" {
  host       = host.h
  name       = "appgroup"
  depends_on = [host_file.first]
}

resource "host_user" "app" {
  host        = host.h
  name        = "appuser"
  home        = "/home/appuser"
  create_home = true
  depends_on  = [host_file.first]
}

resource "host_file" "site" {
  host       = host.h
  path       = "/etc/site.conf"
  content    = "same\n"
  depends_on = [host_file.first]
}

resource "host_link" "current" {
  host       = host.h
  path       = "/srv/current"
  target     = "/srv/precious"
  depends_on = [host_file.first]
}

resource "host_package" "rsync" {
  host       = host.h
  name       = "rsync"
  depends_on = [host_file.first]
}

resource "host_service" "cron" {
  host       = host.h
  name       = "ssh"
  enabled    = true
  running    = true
  depends_on = [host_file.first]
}
