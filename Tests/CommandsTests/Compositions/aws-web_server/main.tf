# The network of the machines: the one that AWS's API gives the address to really answers there.
resource "aws_vpc" "network" {
  cidr_block = var.network
}
resource "aws_subnet" "network" {
  vpc_id     = aws_vpc.network.id
  cidr_block = var.network
}

resource "web_server" "it" {
  provider = aws
  machine = {
    image    = "ami-12c6146b"
    size     = { cpus = 2, memory = 2048, disk = 12 }
    ssh_keys = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBnY8Kkn0Wk2VYb8V0zS3bHrV4JrE1u1u1xV3k5xv2Qb test"]
    user     = "root"
    network  = aws_subnet.network.id
  }
  sites = [
    { name = "one", port = 8081, content = { "index.html" = var.changed ? "<h1>Two</h1>" : "<h1>One</h1>", "css/a.css" = "a {}" } },
    { name = "bare", port = 8082 },
  ]
}

output "it" {
  value = web_server.it
}
