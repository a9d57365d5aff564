# An application load balancer for http, a network load balancer for tcp, in the account's default network of the region. Backends are
# addresses; those outside the network must be reachable from it. It is in the network's default security group, so that it reaches the
# servers there. Ready when AWS says that it is active and that all of its targets are healthy.

locals {
  # load_balancer.shop["eu"] → shop-eu: AWS takes 32 characters. What is too long keeps its beginning and a digest.
  written = trim(replace(trimprefix(lower(path.address), "load_balancer."), "/[^a-z0-9]+/", "-"), "-")
  name    = length(local.written) <= 29 ? "lb-${local.written}" : "lb-${trimsuffix(substr(local.written, 0, 20), "-")}-${substr(sha256(path.address), 0, 8)}"
  http    = var.listen.protocol == "http"
  ranges  = split("/", data.aws_vpc.network.cidr_block)
  members = [for b in var.backends : {
    address = replace(replace(b, "/:[0-9]+$/", ""), "/[\\[\\]]/", "")
    port    = tonumber(replace(b, "/^.*:/", ""))
    # What is not of the network itself has no zone of its own.
    availability_zone = try(
      cidrsubnet("${replace(replace(b, "/:[0-9]+$/", ""), "/[\\[\\]]/", "")}/${local.ranges[1]}", 0, 0) == cidrsubnet(data.aws_vpc.network.cidr_block, 0, 0), false
    ) ? null : "all"
  }]
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

data "aws_security_group" "neighbours" {
  vpc_id = data.aws_vpc.network.id
  name   = "default"
}

resource "aws_security_group" "access" {
  name        = local.name
  description = "Lets everybody reach the load balancer, and it its backends"
  vpc_id      = data.aws_vpc.network.id

  ingress {
    protocol         = "tcp"
    from_port        = var.listen.port
    to_port          = var.listen.port
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

resource "aws_lb" "front" {
  name               = local.name
  load_balancer_type = local.http ? "application" : "network"
  security_groups    = [data.aws_security_group.neighbours.id, aws_security_group.access.id]
  subnets            = data.aws_subnets.network.ids

  lifecycle {
    principal = true
  }
}

resource "aws_lb_target_group" "backends" {
  name                 = local.name
  target_type          = "ip"
  protocol             = local.http ? "HTTP" : "TCP"
  port                 = var.listen.port
  vpc_id               = data.aws_vpc.network.id
  deregistration_delay = 10

  health_check {
    protocol = var.health_check.path == null && !local.http ? "TCP" : "HTTP"
    path     = var.health_check.path != null ? var.health_check.path : local.http ? "/" : null
    # Without a path a connection is enough: any answer proves one.
    matcher = var.health_check.path == null && !local.http ? null : var.health_check.path == null ? "200-499" : "200-399"
    # AWS checks at intervals of 5 to 300 seconds and counts from 2 to 10.
    interval            = min(max(var.health_check.interval, 5), 300)
    timeout             = min(max(var.health_check.interval, 5), 300) <= 5 ? 4 : 5
    healthy_threshold   = min(max(var.health_check.rise, 2), 10)
    unhealthy_threshold = min(max(var.health_check.fall, 2), 10)
  }
}

resource "aws_lb_listener" "front" {
  load_balancer_arn = aws_lb.front.arn
  port              = var.listen.port
  protocol          = local.http ? "HTTP" : "TCP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.backends.arn
  }
}

# Ready: its backends are healthy, which AWS says from when on a listener uses them.
resource "aws_lb_targets" "backends" {
  target_group_arn = aws_lb_target_group.backends.arn
  targets          = local.members

  depends_on = [aws_lb_listener.front]
}

output "endpoint" {
  value      = "${aws_lb.front.dns_name}:${var.listen.port}"
  depends_on = [aws_lb_targets.backends]
}

output "address" {
  value      = aws_lb.front.dns_name
  depends_on = [aws_lb_targets.backends]
}

output "host" {
  value      = null
  depends_on = [aws_lb_targets.backends]
}
