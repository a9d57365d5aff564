# A machine that is there already. Nothing is made and nothing is changed: it answers SSH, or its host would not be, and it must be large
# enough.

output "host" {
  value = var.host

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

output "address" {
  value = var.host.address
}

output "name" {
  value = var.name
}
