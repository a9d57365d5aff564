# A web server and a firewall on a machine that one already has:
#
#   ashlar apply -var address=10.0.0.7

variable "address" {
  description = "Name or address of the machine."
  type        = string
}
variable "user" {
  description = "User to log in as; one who is not root becomes root with sudo."
  type        = string
  default     = "root"
}
variable "private_key_file" {
  description = "Private key to log in with."
  type        = string
  default     = "~/.ssh/id_ed25519"
}
variable "known_hosts" {
  description = "File with the machine's key."
  type        = string
  default     = "~/.ssh/known_hosts"
}

provider "host" {
  user        = var.user
  private_key = file(pathexpand(var.private_key_file))
  known_hosts = pathexpand(var.known_hosts)
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

# Nothing but this comes in, and SSH, which stays open in any case.
resource "firewall" "web" {
  host    = host.web
  inbound = [{ protocol = "tcp", port = 8080, from = ["0.0.0.0/0", "::/0"] }]
}

output "page" {
  description = "Where the site is."
  value       = "http://${web_server.site.endpoints["site"]}/"
}
