# A server of its own with the web server of hosts on it. What may reach it from outside its network is said by a firewall, or by a
# load_balancer of the same provider in front of it.

locals {
  machine = var.machine == null ? { image = null, size = { cpus = 1, memory = 1024, disk = null }, ssh_keys = [], user = null, network = null } : var.machine
  # web_server.shop["eu"] → web-shop-eu: a host name. What is too long keeps its beginning and a digest.
  written = trim(replace(trimprefix(lower(path.address), "web_server."), "/[^a-z0-9]+/", "-"), "-")
  name    = length(local.written) <= 50 ? "web-${local.written}" : "web-${trimsuffix(substr(local.written, 0, 41), "-")}-${substr(sha256(path.address), 0, 8)}"
}

resource "server" "machine" {
  provider = aws
  name     = local.name
  # Debian's own images let the user admin in.
  image    = local.machine.image == null ? "debian-12-amd64-*" : local.machine.image
  size     = local.machine.size
  ssh_keys = local.machine.ssh_keys
  user     = local.machine.image == null && local.machine.user == null ? "admin" : local.machine.user
  network  = local.machine.network
}

resource "web_server" "sites" {
  host  = server.machine.host
  sites = var.sites
}

output "endpoints" {
  value = web_server.sites.endpoints
}

output "host" {
  value = web_server.sites.host
}
