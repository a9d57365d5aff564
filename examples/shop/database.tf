# Asked while planning: the addresses that the private cloud gives its servers are known before there is one.
data "lxd_network" "cloud" {}

locals {
  cloud       = cidrsubnet(data.lxd_network.cloud.config["ipv4.address"], 0, 0)
  web_servers = [host.rack["web1"].address, local.cloud]
}

# PostgreSQL. It holds data, so that it is protected: to delete it takes protect = false, or -unprotect=database.orders for one run.
resource "database" "orders" {
  host         = host.rack["data"]
  engine       = "postgresql"
  version      = "15"
  name         = "orders"
  username     = "shop"
  password     = var.db_password
  allowed_from = local.web_servers
}

resource "firewall" "database" {
  host    = database.orders.host
  inbound = [{ protocol = "tcp", port = database.orders.port, from = local.web_servers }]
}

# The same kind in another place: RDS runs it. Only copies are kept there, so that it may go without asking.
resource "database" "archive" {
  provider     = aws
  engine       = "postgresql"
  version      = "15"
  name         = "archive"
  username     = "shop"
  password     = random_password.archive.result
  allowed_from = ["${host.rack["data"].address}/32"]
  protect      = false
}

resource "random_password" "archive" {
  length  = 24
  special = false
}
