# The network of the machines: the one that AWS's API gives the address to really answers there.
resource "aws_vpc" "network" {
  cidr_block = var.network
}
resource "aws_subnet" "network" {
  vpc_id     = aws_vpc.network.id
  cidr_block = var.network
}

resource "server" "it" {
  provider = aws
  name     = "conformance"
  image    = "ami-12c6146b"
  size     = { cpus = 2, memory = 2048, disk = 12 }
  ssh_keys = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBnY8Kkn0Wk2VYb8V0zS3bHrV4JrE1u1u1xV3k5xv2Qb test"]
  user     = "root"
  network  = aws_subnet.network.id
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
