resource "server" "it" {
  provider = lxd
  name     = "conformance"
  image    = "debian-12"
  size     = { cpus = 1, memory = 256 }
  ssh_keys = [file("${var.key}.pub")]
  user     = "root"
  network  = "lxdbr0"
  labels   = var.changed ? { team = "shop", stage = "test" } : { team = "shop" }
}

# What goes on it is planned before it exists, and forgotten with it.
resource "host_file" "on_it" {
  host    = server.it.host
  path    = "/etc/conformance"
  content = "one"
}

output "it" {
  value = server.it
}
