# A web server and a firewall on a machine that one already has.

variable "address" { type = string }
variable "user" {
  type    = string
  default = "root"
}
variable "private_key_file" {
  type    = string
  default = "~/.ssh/id_ed25519"
}
variable "known_hosts" {
  type    = string
  default = "~/.ssh/known_hosts"
}

provider "host" {
  user        = var.user
  private_key = file(var.private_key_file)
  known_hosts = var.known_hosts
}

resource "host" "web" {
  address = var.address
}

resource "web_server" "site" {
  host = host.web
  sites = [{
    name    = "site"
    port    = 8080
    content = { "index.html" = templatefile("${path.module}/index.html.tftpl", { name = host.web.hostname }) }
  }]
}

resource "firewall" "web" {
  host = host.web
  inbound = [
    { protocol = "tcp", port = 22, from = ["0.0.0.0/0"] },
    { protocol = "tcp", port = 8080, from = ["0.0.0.0/0"] },
  ]
}

output "page" {
  value = "http://${web_server.site.endpoints["site"]}/"
}
