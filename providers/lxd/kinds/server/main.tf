# An LXD container that answers SSH. Its host key is read through LXD's API and pinned, so that nobody is asked whether to trust it. The image
# needs an SSH server, and cloud-init for keys.

data "lxd_profile" "default" {}

locals {
  # A disk of another size than the profile's is the profile's root disk with that size.
  roots = [for name, d in data.lxd_profile.default.devices : merge(d, { device = name }) if d.type == "disk" && try(d.path, "") == "/"]
}

resource "lxd_instance" "machine" {
  name              = var.name
  image             = var.image
  limits            = { cpu = tostring(var.size.cpus), memory = "${var.size.memory}MiB" }
  wait_for_host_key = true

  config = merge(
    { for k, v in var.labels : "user.${k}" => v },
    length(var.ssh_keys) == 0 ? {} : {
      "cloud-init.user-data" = join("\n", concat(["#cloud-config", "ssh_authorized_keys:"], [for k in var.ssh_keys : "  - ${jsonencode(trimspace(k))}"], [""]))
    },
  )

  dynamic "device" {
    for_each = var.network == null ? [] : [var.network]
    content {
      name       = "eth0"
      type       = "nic"
      properties = { name = "eth0", network = device.value }
    }
  }
  dynamic "device" {
    for_each = var.size.disk == null ? [] : [var.size.disk]
    content {
      name       = local.roots[0].device
      type       = "disk"
      properties = { path = "/", pool = local.roots[0].pool, size = "${device.value}GiB" }
    }
  }

  lifecycle {
    precondition {
      condition     = var.size.disk == null || length(local.roots) > 0
      error_message = "The default profile has no root disk whose size could be set."
    }
  }
}

# Ready: it answers SSH with that key.
resource "host" "machine" {
  address  = lxd_instance.machine.ipv4_address
  host_key = lxd_instance.machine.host_key
  machine  = lxd_instance.machine.id
  user     = var.user
}

output "host" {
  value = host.machine
}

output "address" {
  value      = host.machine.address
  depends_on = [host.machine]
}

output "name" {
  value      = lxd_instance.machine.name
  depends_on = [host.machine]
}
