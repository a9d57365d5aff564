variable "address" {}
variable "keys" {}
variable "known_hosts" {}
variable "path" { default = "/etc/ssh/sshd_config.d/lock.conf" }
variable "content" {}

provider "host" {
  user        = "root"
  private_key = "${var.keys}/id_ed25519"
  known_hosts = var.known_hosts
}

resource "host" "h" {
  address = var.address
}

# What is changed here could lock out who works on the host: it stays only if somebody can still log in.
resource "host_file" "lock" {
  host    = host.h
  path    = var.path
  content = var.content
  reload  = "systemctl reload ssh"
  confirm = 4
}
