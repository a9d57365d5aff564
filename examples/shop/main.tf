# A shop on machines that one already has: a load balancer at the edge, two web servers behind it, a database, and firewalls between them.
#
#            everybody ──80──> edge ──8080──> web1, web2 ──5432──> database on web2

provider "host" {
  user        = var.user
  private_key = file(pathexpand(var.private_key_file))
  known_hosts = pathexpand(var.known_hosts_file)
}

# The machines. Deleting one of these forgets it; nothing happens to it.
resource "host" "rack" {
  for_each = var.addresses
  address  = each.value
}

locals {
  web = ["web1", "web2"]
}

# PostgreSQL. It holds data, so that it is protected: to delete it takes protect = false, or -unprotect=database.orders for one run.
# Another host, or provider = aws, moves it (its data is not moved).
resource "database" "orders" {
  host         = host.rack["web2"]
  engine       = "postgresql"
  version      = "15"
  name         = "orders"
  username     = "shop"
  password     = var.db_password
  allowed_from = [for name in local.web : host.rack[name].address]
}

# nginx. A page is served as soon as this is done, for "done" means that it was asked for and came.
resource "web_server" "shop" {
  for_each = toset(local.web)
  host     = host.rack[each.key]
  sites = [{
    name = "shop"
    port = 8080
    content = {
      "index.html" = templatefile("${path.module}/index.html.tftpl", {
        greeting = var.greeting
        server   = each.key
        database = database.orders.endpoint
      })
      "css/shop.css" = "body { font-family: sans-serif; margin: 4em; }\n"
    }
  }]
}

# haproxy. Done when it finds all of its backends healthy.
resource "load_balancer" "edge" {
  host         = host.rack["edge"]
  listen       = { port = 80, protocol = "http" }
  backends     = [for s in web_server.shop : s.endpoints["shop"]]
  health_check = { path = "/", interval = 1 }
}

# nftables. Web servers hear the load balancer alone, the database hears the web servers alone; SSH stays open everywhere. Two of these
# are on web2: what either lets in comes in.
resource "firewall" "web" {
  for_each = web_server.shop
  host     = each.value.host
  inbound  = [{ protocol = "tcp", port = 8080, from = [host.rack["edge"].address] }]
}

resource "firewall" "database" {
  host    = database.orders.host
  inbound = [{ protocol = "tcp", port = database.orders.port, from = [for name in local.web : host.rack[name].address] }]
}

resource "firewall" "edge" {
  host    = host.rack["edge"]
  inbound = [{ protocol = "tcp", port = 80, from = ["0.0.0.0/0", "::/0"] }]
}

# Kinds and single resources of a host stand side by side: psql, to look into the database from the web servers.
resource "host_package" "psql" {
  for_each = toset(local.web)
  host     = host.rack[each.key]
  name     = "postgresql-client-15"
}

output "page" {
  description = "Where the shop is."
  value       = "http://${load_balancer.edge.endpoint}/"
}

output "database" {
  description = "Where its database is."
  value       = database.orders.endpoint
}
