resource "host" "machine" {
  address = var.host
}

resource "server" "it" {
  host = host.machine
  name = "mine"
  size = { cpus = 1, memory = 128 }
}

# What goes on it goes on the machine.
resource "host_file" "on_it" {
  host    = server.it.host
  path    = "/etc/conformance"
  content = var.changed ? "two" : "one"
}

output "it" {
  value = server.it
}
