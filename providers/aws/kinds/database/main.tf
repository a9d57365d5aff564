# PostgreSQL run by RDS, in the account's default network of the region. Only the addresses of allowed_from get as far as its port, by a
# security group of its own. RDS says that it is available when it has answered a query of its own agent, which is what is waited for: from
# outside the network nobody can log in.

locals {
  # database.shop["eu"] → shop-eu: letters, digits and dashes, never two in a row. What is too long keeps its beginning and a digest.
  written = trim(replace(trimprefix(lower(path.address), "database."), "/[^a-z0-9]+/", "-"), "-")
  name    = length(local.written) <= 50 ? "db-${local.written}" : "db-${trimsuffix(substr(local.written, 0, 41), "-")}-${substr(sha256(path.address), 0, 8)}"
  ranges  = toset([for a in var.allowed_from : strcontains(a, "/") ? a : strcontains(a, ":") ? "${a}/128" : "${a}/32"])
  four    = [for a in local.ranges : a if !strcontains(a, ":")]
  six     = [for a in local.ranges : a if strcontains(a, ":")]
}

data "aws_vpc" "network" {
  default = true
}

data "aws_subnets" "network" {
  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.network.id]
  }
}

resource "aws_security_group" "access" {
  name        = local.name
  description = "Who may reach the database ${var.name}"
  vpc_id      = data.aws_vpc.network.id

  dynamic "ingress" {
    for_each = length(local.ranges) == 0 ? [] : [true]
    content {
      protocol         = "tcp"
      from_port        = 5432
      to_port          = 5432
      cidr_blocks      = local.four
      ipv6_cidr_blocks = local.six
    }
  }
}

resource "aws_db_subnet_group" "network" {
  name        = local.name
  description = "Subnets of the database ${var.name}"
  subnet_ids  = data.aws_subnets.network.ids
}

resource "aws_db_instance" "data" {
  identifier             = local.name
  engine                 = "postgres"
  engine_version         = var.version
  instance_class         = "db.t3.micro"
  allocated_storage      = 20
  storage_encrypted      = true
  port                   = 5432
  db_name                = var.name
  username               = var.username
  password               = var.password
  db_subnet_group_name   = aws_db_subnet_group.network.name
  vpc_security_group_ids = [aws_security_group.access.id]
  apply_immediately      = true

  # What keeps the data is protect; who has lifted it has been asked already.
  protect             = var.protect
  skip_final_snapshot = true

  lifecycle {
    principal = true
  }
}

output "endpoint" {
  value = aws_db_instance.data.endpoint
}

output "address" {
  value = aws_db_instance.data.address
}

output "port" {
  value      = 5432
  depends_on = [aws_db_instance.data]
}

output "name" {
  value      = var.name
  depends_on = [aws_db_instance.data]
}

output "username" {
  value      = var.username
  depends_on = [aws_db_instance.data]
}

output "host" {
  value      = null
  depends_on = [aws_db_instance.data]
}
