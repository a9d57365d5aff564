# To move a web server, edit its line: "rack" or "cloud". Ashlar makes what is needed there (a server, too), waits until its page comes,
# tells the load balancer, and only then takes the old one down.
locals {
  web = {
    web1 = "rack"
    web2 = "cloud"
  }
}

# nginx. Done means that the page was asked for and came. What goes on a server is in the plan before the server exists.
resource "web_server" "shop" {
  for_each = local.web
  host     = each.value == "rack" ? host.rack[each.key] : server.web[each.key].host
  sites = [{
    name = "shop"
    port = 8080
    content = {
      "index.html" = templatefile("${path.module}/index.html.tftpl", {
        greeting = var.greeting
        server   = each.key
        ground   = each.value
        database = database.orders.endpoint
      })
      "css/shop.css" = "body { font-family: sans-serif; margin: 4em; }\n"
    }
  }]
}

# Kinds and single resources stand side by side: psql, to look into the database from the web servers.
resource "host_package" "psql" {
  for_each = web_server.shop
  host     = each.value.host
  name     = "postgresql-client-15"
}

# haproxy. Done when it finds all of its backends healthy.
resource "load_balancer" "edge" {
  host         = host.rack["edge"]
  listen       = { port = 80, protocol = "http" }
  backends     = [for s in web_server.shop : s.endpoints["shop"]]
  health_check = { path = "/", interval = 1 }

  depends_on = [firewall.web, firewall.cloud]
}

# Web servers hear the load balancer alone. The same kind is nftables on a host and rules of the network in the cloud; SSH stays open.
resource "firewall" "web" {
  host    = host.rack["web1"]
  inbound = [{ protocol = "tcp", port = 8080, from = [host.rack["edge"].address] }]
}

resource "firewall" "cloud" {
  provider = lxd
  inbound  = [{ protocol = "tcp", port = 8080, from = [host.rack["edge"].address] }]
}

resource "firewall" "edge" {
  host    = host.rack["edge"]
  inbound = [{ protocol = "tcp", port = 80, from = ["0.0.0.0/0", "::/0"] }]
}
