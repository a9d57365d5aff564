# Rules in the default security group of the account's default network: they hold for every server that is in it, those made later included.
# Several firewalls unite, for a rule that two of them have is one rule that both claim. To members of the group AWS lets each other in by a
# rule of the group's own, and SSH to servers is let in by a group of theirs.

locals {
  # firewall.web["web1"] → web-web1; what is too long keeps its beginning and a digest.
  written = trim(replace(trimprefix(lower(path.address), "firewall."), "/[^a-z0-9_]+/", "-"), "-")
  name    = coalesce(var.name, length(local.written) <= 40 ? local.written : "${substr(local.written, 0, 31)}-${substr(sha256(path.address), 0, 8)}")

  # One rule an address, as AWS keeps them: the first of inbound from its second address is 0.1, so that the number of rules is known before
  # a server among them has its address.
  rules = merge([for i, r in var.inbound : { for j, a in r.from : "${i}.${j}" => {
    protocol = r.protocol == "all" ? "-1" : r.protocol == "icmp" && strcontains(a, ":") ? "icmpv6" : r.protocol
    first    = r.protocol == "all" ? null : r.protocol == "icmp" ? -1 : r.port == null ? 0 : r.port
    last     = r.protocol == "all" ? null : r.protocol == "icmp" ? -1 : r.port == null ? 65535 : r.last_port == null ? r.port : r.last_port
    four     = strcontains(a, ":") ? null : strcontains(a, "/") ? a : "${a}/32"
    six      = !strcontains(a, ":") ? null : strcontains(a, "/") ? a : "${a}/128"
  } }]...)
}

data "aws_vpc" "network" {
  default = true
}

data "aws_security_group" "neighbours" {
  vpc_id = data.aws_vpc.network.id
  name   = "default"
}

resource "aws_vpc_security_group_ingress_rule" "inbound" {
  for_each          = local.rules
  security_group_id = data.aws_security_group.neighbours.id
  ip_protocol       = each.value.protocol
  from_port         = each.value.first
  to_port           = each.value.last
  cidr_ipv4         = each.value.four
  cidr_ipv6         = each.value.six

  lifecycle {
    principal             = true
    create_before_destroy = true
  }
}

output "name" {
  value      = local.name
  depends_on = [aws_vpc_security_group_ingress_rule.inbound]
}

output "host" {
  value      = null
  depends_on = [aws_vpc_security_group_ingress_rule.inbound]
}
