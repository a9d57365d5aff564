resource "firewall" "it" {
  provider = lxd
  name     = "conformance"
  inbound = [
    { protocol = "tcp", port = 8081, from = var.changed ? ["10.1.0.0/16", "10.2.0.7"] : ["10.1.0.0/16"] },
    { protocol = "udp", port = 6000, last_port = 6010, from = ["10.1.0.7"] },
    { protocol = "icmp", from = ["0.0.0.0/0", "::/0"] },
    { protocol = "all", from = ["10.3.0.0/16"] },
    { port = 443, from = ["::/0"] },
  ]
}

# Another one of the same target: both hold together, and neither takes from the other.
# (One after the other: of two changes of a network at once LXD may lose one.)
resource "firewall" "other" {
  depends_on = [firewall.it]
  provider   = lxd
  inbound    = [{ port = 8081, from = ["10.1.0.0/16"] }]
}

output "it" {
  value = firewall.it
}
