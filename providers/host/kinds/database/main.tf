# PostgreSQL of the system's own packages. It listens on all addresses; who gets as far as the password is said by pg_hba.conf, where
# each database's lines are for its own role alone. (A firewall of the host keeps others from the port altogether.)

locals {
  port = 5432
  # How many there are is known before a server among them has its address.
  ranges = [for a in concat(["127.0.0.1"], var.allowed_from) : strcontains(a, "/") ? a : strcontains(a, ":") ? "${a}/128" : "${a}/32"]
}

resource "host_package" "postgresql" {
  host = var.host
  name = var.version == null ? "postgresql" : "postgresql-${split(".", var.version)[0]}"
}

resource "host_service" "postgresql" {
  host    = var.host
  name    = "postgresql"
  running = true
  enabled = true

  depends_on = [host_package.postgresql]
}

resource "host_postgresql_setting" "listen" {
  host  = var.host
  name  = "listen_addresses"
  value = "*"

  depends_on = [host_service.postgresql]
}

resource "host_postgresql_role" "user" {
  host     = var.host
  name     = var.username
  password = var.password

  depends_on = [host_postgresql_setting.listen]

  # Another name: the new role owns the database, and may log in, before the old one goes.
  lifecycle {
    create_before_destroy = true
  }
}

resource "host_postgresql_database" "data" {
  host    = var.host
  name    = var.name
  owner   = host_postgresql_role.user.name
  protect = var.protect

  lifecycle {
    principal = true
  }
}

resource "host_postgresql_hba" "access" {
  count    = length(local.ranges)
  host     = var.host
  name     = "${var.name}/${var.username}/${count.index}"
  database = host_postgresql_database.data.name
  user     = host_postgresql_role.user.name
  address  = local.ranges[count.index]

  lifecycle {
    create_before_destroy = true
  }
}

# Ready: a query runs as that role, with its password, over TCP.
resource "host_probe" "query" {
  host     = var.host
  name     = "a login of ${var.username} to the database ${var.name}"
  command  = "IFS= read -r PGPASSWORD; export PGPASSWORD; PGCONNECT_TIMEOUT=4 psql -X -q -A -t -w -h 127.0.0.1 -p ${local.port} -U ${var.username} -d ${var.name} -c 'SELECT 1'"
  input    = "${var.password}\n"
  triggers = [for line in host_postgresql_hba.access : line.line]

  depends_on = [host_postgresql_hba.access]
}

output "endpoint" {
  value      = "${var.host.address}:${local.port}"
  depends_on = [host_probe.query]
}

output "address" {
  value      = var.host.address
  depends_on = [host_probe.query]
}

output "port" {
  value      = local.port
  depends_on = [host_probe.query]
}

output "name" {
  value      = var.name
  depends_on = [host_probe.query]
}

output "username" {
  value      = var.username
  depends_on = [host_probe.query]
}

output "host" {
  value      = var.host
  depends_on = [host_probe.query]
}
