# nftables. Each firewall has a chain of its own in one table of the host; what none of them accepts is dropped. The rules are back after a
# reboot. A change stays only if a new SSH connection comes through within half a minute; else the host puts the old rules back by itself.

locals {
  # firewall.web["web1"] → web-web1; what is too long keeps its beginning and a digest.
  written = trim(replace(trimprefix(lower(path.address), "firewall."), "/[^a-z0-9_]+/", "-"), "-")
  name    = coalesce(var.name, length(local.written) <= 40 ? local.written : "${substr(local.written, 0, 31)}-${substr(sha256(path.address), 0, 8)}")
}

resource "host_package" "nftables" {
  host = var.host
  name = "nftables"
}

resource "host_firewall" "rules" {
  host = var.host
  name = local.name
  inbound = [for r in var.inbound : {
    protocol  = r.protocol
    from_port = r.port
    to_port   = r.last_port == null ? r.port : r.last_port
    from      = r.from
  }]

  depends_on = [host_package.nftables]

  lifecycle {
    principal = true
    # Else the host would let everything in between the old rules and the new.
    create_before_destroy = true
  }
}

output "name" {
  value = host_firewall.rules.name
}

output "host" {
  value      = var.host
  depends_on = [host_firewall.rules]
}
