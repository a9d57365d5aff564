# An instance that answers SSH, in the subnet named by network, else in the account's default network. Like everything there it is in the
# network's default security group, whose members reach each other and whose rules the kind firewall writes; a group of its own lets SSH in,
# for that is how Ashlar configures it. It is reached at its public address if it has one, else at its private one.
#
# AWS does not tell a new machine's host key: the provider "host" has to know it (known_hosts) or to accept it the first time
# (trust_new_hosts), after which no other is accepted.

locals {
  # server.shop["eu"] → srv-shop-eu; what is too long keeps its beginning and a digest.
  written = trim(replace(trimprefix(lower(path.address), "server."), "/[^a-z0-9]+/", "-"), "-")
  group   = length(local.written) <= 80 ? "srv-${local.written}" : "srv-${trimsuffix(substr(local.written, 0, 70), "-")}-${substr(sha256(path.address), 0, 8)}"

  # The smallest type that is large enough: processors and MiB.
  sizes = [
    { name = "nano", cpus = 2, memory = 512, burst = true },
    { name = "micro", cpus = 2, memory = 1024, burst = true },
    { name = "small", cpus = 2, memory = 2048, burst = true },
    { name = "medium", cpus = 2, memory = 4096, burst = true },
    { name = "large", cpus = 2, memory = 8192, burst = true },
    { name = "xlarge", cpus = 4, memory = 16384, burst = true },
    { name = "2xlarge", cpus = 8, memory = 32768, burst = true },
    { name = "4xlarge", cpus = 16, memory = 65536, burst = false },
    { name = "8xlarge", cpus = 32, memory = 131072, burst = false },
    { name = "12xlarge", cpus = 48, memory = 196608, burst = false },
    { name = "16xlarge", cpus = 64, memory = 262144, burst = false },
  ]
  fitting  = [for s in local.sizes : s if s.cpus >= var.size.cpus && s.memory >= var.size.memory]
  families = data.aws_ami.image.architecture == "arm64" ? { burst = "t4g", steady = "m6g" } : { burst = "t3", steady = "m6i" }
}

# An id, or a name that may hold * and ?; the latest of several. Anybody may give an image a name: only the account's own, Amazon's, Debian's
# and Canonical's are looked at.
data "aws_ami" "image" {
  owners      = startswith(var.image, "ami-") ? null : ["self", "amazon", "136693071363", "099720109477"]
  most_recent = true

  filter {
    name   = startswith(var.image, "ami-") ? "image-id" : "name"
    values = [var.image]
  }
}

# The subnet, or any of the default network's: which network it is in.
data "aws_subnets" "network" {
  filter {
    name   = var.network == null ? "default-for-az" : "subnet-id"
    values = [var.network == null ? "true" : var.network]
  }
}

data "aws_subnet" "network" {
  id = data.aws_subnets.network.ids[0]
}

data "aws_security_group" "neighbours" {
  vpc_id = data.aws_subnet.network.vpc_id
  name   = "default"
}

resource "aws_security_group" "access" {
  name        = local.group
  description = "SSH to the server ${var.name}"
  vpc_id      = data.aws_subnet.network.vpc_id

  ingress {
    protocol         = "tcp"
    from_port        = 22
    to_port          = 22
    cidr_blocks      = ["0.0.0.0/0"]
    ipv6_cidr_blocks = ["::/0"]
  }

  egress {
    protocol         = "-1"
    from_port        = 0
    to_port          = 0
    cidr_blocks      = ["0.0.0.0/0"]
    ipv6_cidr_blocks = ["::/0"]
  }
}

# Another image in the configuration is another machine; a later one under the same name is no reason to make a machine in use anew.
resource "terraform_data" "image" {
  input = var.image
}

resource "aws_instance" "machine" {
  ami                    = data.aws_ami.image.id
  instance_type          = try("${local.fitting[0].burst ? local.families.burst : local.families.steady}.${local.fitting[0].name}", "none")
  subnet_id              = var.network
  vpc_security_group_ids = [data.aws_security_group.neighbours.id, aws_security_group.access.id]
  tags                   = merge({ Name = var.name }, var.labels)

  # cloud-init takes it in at the first start alone: other keys need another machine, and the plan says so.
  user_data = join("\n", concat(
    ["#cloud-config", "hostname: ${var.name}"],
    length(var.ssh_keys) == 0 ? [] : concat(["ssh_authorized_keys:"], [for k in var.ssh_keys : "  - ${jsonencode(trimspace(k))}"]),
    [""],
  ))
  user_data_replace_on_change = true

  metadata_options {
    http_tokens = "required"
  }

  dynamic "root_block_device" {
    for_each = var.size.disk == null ? [] : [var.size.disk]
    content {
      volume_size = root_block_device.value
    }
  }

  lifecycle {
    principal = true

    ignore_changes       = [ami]
    replace_triggered_by = [terraform_data.image]

    precondition {
      condition     = length(local.fitting) > 0
      error_message = "No type of instance is that large: at most 64 processors and 262144 MiB of memory."
    }
  }
}

# Ready: it answers SSH.
resource "host" "machine" {
  address = coalesce(aws_instance.machine.public_ip, aws_instance.machine.private_ip)
  machine = aws_instance.machine.id
  user    = var.user
}

output "host" {
  value = host.machine
}

output "address" {
  value      = host.machine.address
  depends_on = [host.machine]
}

output "name" {
  value      = var.name
  depends_on = [host.machine]
}
