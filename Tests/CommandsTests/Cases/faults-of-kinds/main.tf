resource "host" "a" {
  address = "192.0.2.1"
}
resource "web_server" "unknown" {
  host  = host.a
  sits  = []
}
resource "web_server" "port" {
  host  = host.a
  sites = [{ name = "shop", port = 80000 }]
}
resource "web_server" "type" {
  host  = host.a
  sites = "shop"
}
resource "web_server" "inner" {
  host  = host.a
  sites = [{ nam = "shop" }]
}
resource "web_server" "reference" {
  host  = host.b
  sites = [{ name = "shop" }]
}
resource "load_balancer" "missing" {
  host = host.a
}
resource "load_balancer" "backend" {
  host     = host.a
  listen   = { port = 80, protocol = "https" }
  backends = ["10.0.0.7"]
}
resource "firewall" "rule" {
  host    = host.a
  inbound = [{ protocol = "tcp", port = 22 }]
}
resource "firewall" "protocol" {
  host    = host.a
  inbound = [{ protocol = "sctp", from = ["0.0.0.0/0"] }]
}
resource "database" "password" {
  host     = host.a
  name     = "Orders"
  username = "orders"
  password = "short"
}
resource "server" "image" {
  name = "a"
}
resource "server" "size" {
  provider = lxd
  name     = "a"
  image    = "debian/12"
  size     = { cpus = 0 }
}
resource "web_sever" "x" {}
resource "web_server" "block" {
  host  = host.a
  site {
    name = "shop"
  }
}
output "attribute" {
  value = load_balancer.missing.endpiont
}
web_server "bare" {
  host = host.a
}
