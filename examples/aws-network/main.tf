# A network in AWS with one web server in it:
#
#   the internet ── gateway ── public subnet (a) ── web server
#                          └── public subnet (b), for a second one
#
# Credentials come from the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY). For a trial without an account, start moto
# (`pip install 'moto[server]'`, `moto_server`) and give its address: -var endpoint=http://127.0.0.1:5000

variable "region" {
  type        = string
  default     = "us-east-1"
  description = "Where everything stands."
}

variable "endpoint" {
  type        = string
  default     = null
  description = "Address of something that speaks AWS's API, instead of AWS."
}

variable "cidr_block" {
  type        = string
  default     = "10.20.0.0/16"
  description = "Addresses of the network; each subnet gets a /24 of them."
}

variable "admin_cidr_block" {
  type        = string
  default     = "192.0.2.0/24"
  description = "From where SSH is allowed."
}

provider "aws" {
  region   = var.region
  endpoint = var.endpoint

  # On everything that can have tags.
  default_tags {
    tags = { project = "aws-network" }
  }
}

data "aws_availability_zones" "here" {
  state = "available"
}

data "aws_ami" "linux" {
  most_recent = true
  owners      = ["amazon"]

  filter {
    name   = "name"
    values = ["al2023-ami-2023*-x86_64", "amzn2-ami-hvm-*-x86_64-gp2", "amzn-ami-hvm-*-x86_64-gp2"]
  }
}

# The network, and its way out.

resource "aws_vpc" "main" {
  cidr_block           = var.cidr_block
  enable_dns_hostnames = true
  tags                 = { Name = "main" }
}

resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
  tags   = { Name = "main" }
}

resource "aws_subnet" "public" {
  count                   = 2
  vpc_id                  = aws_vpc.main.id
  cidr_block              = cidrsubnet(aws_vpc.main.cidr_block, 8, count.index)
  availability_zone       = data.aws_availability_zones.here.names[count.index]
  map_public_ip_on_launch = true
  tags                    = { Name = "public-${count.index}" }
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.main.id
  tags   = { Name = "public" }

  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
}

resource "aws_route_table_association" "public" {
  count          = length(aws_subnet.public)
  subnet_id      = aws_subnet.public[count.index].id
  route_table_id = aws_route_table.public.id
}

# Who may talk to the server, and whom it may talk to.

resource "aws_security_group" "web" {
  name        = "web"
  description = "Web from everywhere, SSH from the administrators"
  vpc_id      = aws_vpc.main.id

  ingress {
    description = "HTTP"
    protocol    = "tcp"
    from_port   = 80
    to_port     = 80
    cidr_blocks = ["0.0.0.0/0"]
  }

  ingress {
    description = "SSH"
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = [var.admin_cidr_block]
  }

  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_instance" "web" {
  ami                    = data.aws_ami.linux.id
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.public[0].id
  vpc_security_group_ids = [aws_security_group.web.id]
  tags                   = { Name = "web" }

  user_data = <<-EOT
    #!/bin/sh
    yum install -y nginx
    systemctl enable --now nginx
  EOT

  # A newer image is no reason for another server.
  lifecycle {
    ignore_changes = [ami]
  }

  depends_on = [aws_route_table_association.public]
}

output "address" {
  value       = aws_instance.web.public_ip
  description = "Where the web server answers."
}
