# Rules on an LXD network (the provider's setting network): they hold for every instance on it, against the outside, against what comes through
# forwards and between neighbours. LXD accepts a connection between neighbours as soon as either a rule for what goes out or one for what comes
# in accepts it; what may go out is therefore everything but the network itself, so that only inbound decides about neighbours (in IPv4).
# SSH stays open, as on hosts: it is how Ashlar reaches the machines.

data "lxd_network" "guarded" {}

locals {
  # firewall.web["web1"] → web-web1; what is too long keeps its beginning and a digest.
  written = trim(replace(trimprefix(lower(path.address), "firewall."), "/[^a-z0-9_]+/", "-"), "-")
  name    = "fw-${coalesce(var.name, length(local.written) <= 40 ? local.written : "${substr(local.written, 0, 31)}-${substr(sha256(path.address), 0, 8)}")}"

  # Addresses of the network as numbers, and everything before and after them.
  cidr    = data.lxd_network.guarded.config["ipv4.address"]
  first   = sum([for n, octet in split(".", cidrhost(local.cidr, 0)) : tonumber(octet) * pow(256, 3 - n)])
  last    = local.first + pow(2, 32 - tonumber(split("/", local.cidr)[1])) - 1
  outside = "0.0.0.0-${cidrhost("0.0.0.0/0", local.first - 1)},${split("/", local.cidr)[0]},${cidrhost("0.0.0.0/0", local.last + 1)}-255.255.255.255"

  rules = flatten([for r in var.inbound : [for protocol in r.protocol == "icmp" ? ["icmp4", "icmp6"] : r.protocol == "all" ? [""] : [r.protocol] : {
    action           = "allow"
    state            = "enabled"
    protocol         = protocol
    source           = join(",", [for a in r.from : a if r.protocol != "icmp" || strcontains(a, ":") == (protocol == "icmp6")])
    destination_port = r.port == null ? "" : join("-", distinct(compact([r.port, r.last_port])))
  } if r.protocol != "icmp" || length([for a in r.from : a if strcontains(a, ":") == (protocol == "icmp6")]) > 0]])
}

resource "lxd_network_acl" "rules" {
  name        = local.name
  description = path.address
  ingress = concat(local.rules, [
    { action = "allow", state = "enabled", protocol = "tcp", source = "", destination_port = "22" },
  ])
  egress = [
    { action = "allow", state = "enabled", destination = local.outside },
    { action = "allow", state = "enabled", destination = "::/0" },
  ]
}

resource "lxd_network_acl_attachment" "network" {
  network = data.lxd_network.guarded.name
  acl     = lxd_network_acl.rules.name
}

output "name" {
  value      = lxd_network_acl.rules.name
  depends_on = [lxd_network_acl_attachment.network]
}

output "host" {
  value      = null
  depends_on = [lxd_network_acl_attachment.network]
}
