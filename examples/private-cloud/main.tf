# A server in a private cloud, made through its API and configured over SSH in the same apply: its host key is read through the API, so that
# nobody is asked whether to trust it. What goes on it is in the plan before it exists.

variable "lxd_address" {
  description = "Where LXD answers, such as https://lxd.example.net:8443."
  type        = string
}
variable "lxd_client_certificate" {
  type    = string
  default = "~/.config/lxc/client.crt"
}
variable "lxd_client_key" {
  type    = string
  default = "~/.config/lxc/client.key"
}
variable "lxd_server_certificate" {
  description = "LXD's own certificate, where no authority vouches for it."
  type        = string
  default     = null
}
variable "network" {
  description = "Network that the server is on; LXD's default profile says which."
  type        = string
  default     = "lxdbr0"
}
variable "image" {
  type    = string
  default = "debian-12"
}
variable "private_key_file" {
  type    = string
  default = "~/.ssh/id_ed25519"
}
variable "public_key_file" {
  type    = string
  default = "~/.ssh/id_ed25519.pub"
}
variable "listen_address" {
  description = "Address outside the network that the page is reached at."
  type        = string
}

provider "lxd" {
  address            = var.lxd_address
  client_certificate = var.lxd_client_certificate
  client_key         = var.lxd_client_key
  server_certificate = var.lxd_server_certificate
  network            = var.network
}

provider "host" {
  user        = "root"
  private_key = file(pathexpand(var.private_key_file))
}

resource "server" "web" {
  provider = lxd
  name     = "web"
  image    = var.image
  size     = { cpus = 1, memory = 512 }
  ssh_keys = [file(pathexpand(var.public_key_file))]
}

resource "web_server" "site" {
  host = server.web.host
  sites = [{
    name    = "site"
    port    = 8080
    content = { "index.html" = templatefile("${path.module}/index.html.tftpl", { name = server.web.name }) }
  }]
}

# Rules of the network: but for SSH, only this gets to the servers on it, from outside and from their neighbours.
resource "firewall" "network" {
  provider = lxd
  inbound  = [{ protocol = "tcp", port = 8080, from = ["0.0.0.0/0"] }]
}

resource "lxd_network_forward" "page" {
  network        = var.network
  listen_address = var.listen_address
  ports          = [{ protocol = "tcp", listen_port = "80", target_address = server.web.address, target_port = "8080" }]
}

output "page" {
  value = "http://${lxd_network_forward.page.listen_address}/"
}
