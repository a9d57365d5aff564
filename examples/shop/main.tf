# A shop on three sorts of ground at once: machines in one's own rack, servers of a private cloud (LXD), and AWS. One plan, one state.
#
#                                              ┌─8080─> web1, in the rack ──────┐
#     everybody ──80──> edge, in the rack ─────┤                                ├─5432─> data, in the rack
#         AWS's load balancer ──80──┘          └─8080─> web2, in the cloud ─────┘        its archive, in AWS
#
#   main.tf      whom to ask, and the machines            database.tf   where the orders are
#   web.tf       web servers, load balancer, firewalls    aws.tf        a second way in
#
#     export TF_VAR_db_password=… AWS_ACCESS_KEY_ID=… AWS_SECRET_ACCESS_KEY=…
#     ashlar plan && ashlar apply
#
# ./demo does it all on one machine, with real hosts and a real LXD.

provider "host" { # How Ashlar logs in, to machines old and new.
  user        = var.user
  private_key = file(pathexpand(var.private_key_file))
  known_hosts = pathexpand(var.known_hosts_file)
}

provider "lxd" {
  address            = var.lxd.address
  client_certificate = var.lxd.client_certificate
  client_key         = var.lxd.client_key
  server_certificate = var.lxd.server_certificate
  network            = var.lxd.network
}

provider "aws" { # Credentials come from the environment.
  region   = var.aws.region
  endpoint = var.aws.endpoint
}

# The machines that are there already. Deleting one of these forgets it; nothing happens to it.
resource "host" "rack" {
  for_each = var.addresses
  address  = each.value
}

# Those that are made. Each answers SSH before anything is put on it; its host key is read through the cloud's API and pinned, so that
# nobody is asked whether to trust it.
resource "server" "web" {
  for_each = toset([for name, ground in local.web : name if ground == "cloud"])
  provider = lxd
  name     = each.key
  image    = var.lxd.image
  size     = { cpus = 1, memory = 512 }
  ssh_keys = [file(pathexpand("${var.private_key_file}.pub"))]
}

output "page" {
  description = "Where the shop is."
  value       = "http://${load_balancer.edge.endpoint}/"
}

output "web_servers" {
  description = "Where its pages come from."
  value       = { for name, server in web_server.shop : name => server.endpoints["shop"] }
}

output "databases" {
  description = "Where its data is."
  value       = { orders = database.orders.endpoint, archive = database.archive.endpoint }
}

output "second_way_in" {
  description = "Where AWS lets people in."
  value       = aws_lb.front.dns_name
}
