# A machine that is there already. Nothing is made and nothing is changed: it has to answer SSH, and to be large enough.

# Ready: it answers SSH, which is also how this is asked.
resource "host_probe" "ssh" {
  host = var.host
  name = "SSH of the server ${var.name}"
  port = var.host.port

  lifecycle {
    principal = true

    precondition {
      condition     = var.host.cpus >= var.size.cpus
      error_message = "${var.host.address} has ${var.host.cpus} processors, and size.cpus asks for ${var.size.cpus}."
    }
    # What the kernel keeps for itself is not in what a machine says of its memory.
    precondition {
      condition     = var.host.memory_mb >= 0.85 * var.size.memory
      error_message = "${var.host.address} has ${var.host.memory_mb} MiB of memory, and size.memory asks for ${var.size.memory}."
    }
  }
}

output "host" {
  value      = var.host
  depends_on = [host_probe.ssh]
}

output "address" {
  value      = var.host.address
  depends_on = [host_probe.ssh]
}

output "name" {
  value      = var.name
  depends_on = [host_probe.ssh]
}
