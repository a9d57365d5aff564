# Elastic Load Balancing version 2: application and network load balancers.
resource "aws_lb" {
  summary = "A load balancer."
  service = "elasticloadbalancing"
  use     = ["tags", "elb_tags"]
  attributes = {
    name               = { type = string, optional = true, computed = true, replaces = true, description = "Unique in the region, 32 characters at most; made up where neither it nor name_prefix is given." }
    name_prefix        = { type = string, optional = true, replaces = true, description = "What a name that is made up begins with, six characters at most." }
    internal           = { type = bool, optional = true, computed = true, replaces = true, description = "Whether it has only addresses of the network." }
    load_balancer_type = { type = string, default = "application", replaces = true, description = "application, network or gateway." }
    ip_address_type    = { type = string, optional = true, computed = true, description = "ipv4 or dualstack." }
    security_groups    = { type = set(string), optional = true, computed = true, description = "Security groups; the network's default one where absent." }
    subnets            = { type = set(string), optional = true, computed = true, description = "Subnets, in two availability zones at least." }

    enable_deletion_protection       = { type = bool, default = false, description = "Whether AWS refuses to delete it." }
    enable_cross_zone_load_balancing = { type = bool, default = false, description = "Whether each zone serves targets of all zones; application load balancers always do." }
    idle_timeout                     = { type = number, default = 60, description = "Seconds that a connection may be silent; application." }
    enable_http2                     = { type = bool, default = true, description = "Whether it speaks HTTP/2; application." }
    drop_invalid_header_fields       = { type = bool, default = false, description = "Whether headers that are none are removed; application." }
    desync_mitigation_mode           = { type = string, default = "defensive", description = "monitor, defensive or strictest; application." }
    preserve_host_header             = { type = bool, default = false, description = "Whether targets see the Host that was asked for; application." }

    id         = { type = string, computed = true, description = "The Amazon resource name." }
    arn        = { type = string, computed = true, description = "Amazon resource name." }
    arn_suffix = { type = string, computed = true, description = "Its end, as CloudWatch has it." }
    dns_name   = { type = string, computed = true, description = "Host name." }
    vpc_id     = { type = string, computed = true, description = "Network." }
    zone_id    = { type = string, computed = true, description = "Route 53 zone of the host name." }
  }
  validation = { condition = length(coalesce(name, "")) <= 32, message = "A load balancer's name has 32 characters at most." }
  let = {
    made_up = "${coalesce(name_prefix, "tf-lb-")}${substr(intent.id, 0, 20)}"
    attributes_kept = concat(
      [{ Key = "deletion_protection.enabled", Value = enable_deletion_protection }],
      load_balancer_type == "application" ? [
        { Key = "idle_timeout.timeout_seconds", Value = idle_timeout },
        { Key = "routing.http2.enabled", Value = enable_http2 },
        { Key = "routing.http.drop_invalid_header_fields.enabled", Value = drop_invalid_header_fields },
        { Key = "routing.http.desync_mitigation_mode", Value = desync_mitigation_mode },
        { Key = "routing.http.preserve_host_header.enabled", Value = preserve_host_header },
      ] : [{ Key = "load_balancing.cross_zone.enabled", Value = enable_cross_zone_load_balancing }],
    )
    attributes_there = { for a in items(answers.attributes.body.Attributes) : a.Key => a.Value }
  }

  create {
    request {
      action = "CreateLoadBalancer"
      params = {
        Name           = config.name != null ? config.name : made_up
        Type           = load_balancer_type
        Scheme         = config.internal == true ? "internal" : null
        IpAddressType  = config.ip_address_type
        SecurityGroups = config.security_groups
        Subnets        = config.subnets
        Tags           = tags_made
      }
      set = { id = response.body.LoadBalancers[0].LoadBalancerArn }
    }
    wait {
      action   = "DescribeLoadBalancers"
      params   = { LoadBalancerArns = [id] }
      accept   = error.code == "LoadBalancerNotFound"
      until    = contains(["active", "active_impaired"], response.body.LoadBalancers[0].State.Code)
      fail     = response.body.LoadBalancers[0].State.Code == "failed"
      message  = try(response.body.LoadBalancers[0].State.Reason, "the load balancer could not be set up")
      interval = 3
      timeout  = 600
    }
    request {
      action = "ModifyLoadBalancerAttributes"
      params = { LoadBalancerArn = id, Attributes = attributes_kept }
    }
  }
  # One that somebody else has made under this name is not what was begun here: its tags tell.
  find {
    request "balancers" {
      action = "DescribeLoadBalancers"
      params = { Names = [coalesce(name, made_up)] }
    }
    request "tags" {
      action = "DescribeTags"
      params = { ResourceArns = [for b in items(answers.balancers.body.LoadBalancers) : b.LoadBalancerArn] }
    }
    objects = [for b in items(answers.balancers.body.LoadBalancers) : b if try(intents[b.LoadBalancerArn] == intent.id, false)]
    key     = object.LoadBalancerArn
  }
  read {
    request "balancer" {
      action = "DescribeLoadBalancers"
      params = { LoadBalancerArns = [id] }
    }
    request "attributes" {
      action = "DescribeLoadBalancerAttributes"
      params = { LoadBalancerArn = id }
    }
    request "tags" {
      action = "DescribeTags"
      params = { ResourceArns = [id] }
    }
    object = answers.balancer.body.LoadBalancers[0]
  }
  update {
    attributes = ["security_groups"]
    action     = "SetSecurityGroups"
    params     = { LoadBalancerArn = id, SecurityGroups = security_groups }
  }
  update {
    attributes = ["subnets"]
    action     = "SetSubnets"
    params     = { LoadBalancerArn = id, Subnets = subnets }
  }
  update {
    attributes = ["ip_address_type"]
    action     = "SetIpAddressType"
    params     = { LoadBalancerArn = id, IpAddressType = ip_address_type }
  }
  update {
    attributes = [
      "enable_deletion_protection", "enable_cross_zone_load_balancing", "idle_timeout", "enable_http2", "drop_invalid_header_fields",
      "desync_mitigation_mode", "preserve_host_header",
    ]
    action = "ModifyLoadBalancerAttributes"
    params = { LoadBalancerArn = id, Attributes = attributes_kept }
  }
  delete {
    request {
      action = "DeleteLoadBalancer"
      params = { LoadBalancerArn = id }
    }
    wait {
      action   = "DescribeLoadBalancers"
      params   = { LoadBalancerArns = [id] }
      until    = response.body.LoadBalancers == null
      interval = 1
      timeout  = 300
    }
  }

  object = {
    name               = object.LoadBalancerName
    internal           = try(object.Scheme == "internal", false)
    load_balancer_type = object.Type
    ip_address_type    = try(object.IpAddressType, null)
    security_groups    = items(try(object.SecurityGroups, null))
    subnets            = [for z in items(try(object.AvailabilityZones, null)) : z.SubnetId]

    enable_deletion_protection       = try(attributes_there["deletion_protection.enabled"] == "true", false)
    enable_cross_zone_load_balancing = load_balancer_type == "application" ? enable_cross_zone_load_balancing : try(attributes_there["load_balancing.cross_zone.enabled"] == "true", false)
    idle_timeout                     = try(tonumber(coalesce(attributes_there["idle_timeout.timeout_seconds"])), idle_timeout)
    enable_http2                     = try(tobool(coalesce(attributes_there["routing.http2.enabled"])), enable_http2)
    drop_invalid_header_fields       = try(tobool(coalesce(attributes_there["routing.http.drop_invalid_header_fields.enabled"])), drop_invalid_header_fields)
    desync_mitigation_mode           = try(coalesce(attributes_there["routing.http.desync_mitigation_mode"]), desync_mitigation_mode)
    preserve_host_header             = try(tobool(coalesce(attributes_there["routing.http.preserve_host_header.enabled"])), preserve_host_header)

    arn        = object.LoadBalancerArn
    arn_suffix = element(split(":loadbalancer/", object.LoadBalancerArn), 1)
    dns_name   = object.DNSName
    vpc_id     = try(object.VpcId, null)
    zone_id    = try(object.CanonicalHostedZoneId, null)
  }
}

resource "aws_lb_target_group" {
  summary = "Targets that a load balancer shares its requests among."
  service = "elasticloadbalancing"
  use     = ["tags", "elb_tags"]
  attributes = {
    name             = { type = string, optional = true, computed = true, replaces = true, description = "Unique in the region, 32 characters at most; made up where neither it nor name_prefix is given." }
    name_prefix      = { type = string, optional = true, replaces = true, description = "What a name that is made up begins with, six characters at most." }
    target_type      = { type = string, default = "instance", replaces = true, description = "instance, ip, lambda or alb." }
    port             = { type = number, optional = true, replaces = true, description = "Port of targets that say none themselves." }
    protocol         = { type = string, optional = true, computed = true, replaces = true, description = "HTTP, HTTPS, TCP, TLS, UDP, TCP_UDP or GENEVE." }
    protocol_version = { type = string, optional = true, computed = true, replaces = true, description = "HTTP1, HTTP2 or GRPC, for HTTP and HTTPS." }
    ip_address_type  = { type = string, optional = true, computed = true, replaces = true, description = "ipv4 or ipv6." }
    vpc_id           = { type = string, optional = true, replaces = true, description = "Network of the targets." }

    deregistration_delay          = { type = number, default = 300, description = "Seconds that a target which goes may finish what it is at." }
    slow_start                    = { type = number, default = 0, description = "Seconds over which a new target gets more and more; 0: at once." }
    load_balancing_algorithm_type = { type = string, optional = true, computed = true, description = "round_robin, least_outstanding_requests or weighted_random." }

    id         = { type = string, computed = true, description = "The Amazon resource name." }
    arn        = { type = string, computed = true, description = "Amazon resource name." }
    arn_suffix = { type = string, computed = true, description = "Its end, as CloudWatch has it." }
  }
  block "health_check" {
    nesting  = "list"
    maximum  = 1
    computed = true
    attributes = {
      enabled             = { type = bool, default = true, description = "Whether targets are checked." }
      protocol            = { type = string, optional = true, computed = true, description = "HTTP, HTTPS or TCP." }
      port                = { type = string, default = "traffic-port", description = "Port, or traffic-port for the one that requests go to." }
      path                = { type = string, optional = true, computed = true, description = "What is asked for, by HTTP." }
      matcher             = { type = string, optional = true, computed = true, description = "Status codes of a healthy answer, such as 200-299." }
      interval            = { type = number, default = 30, description = "Seconds between checks." }
      timeout             = { type = number, optional = true, computed = true, description = "Seconds to an answer." }
      healthy_threshold   = { type = number, default = 3, description = "Good answers in a row that make a target healthy." }
      unhealthy_threshold = { type = number, default = 3, description = "Bad answers in a row that make it unhealthy." }
    }
  }
  block "stickiness" {
    nesting  = "list"
    maximum  = 1
    computed = true
    attributes = {
      enabled         = { type = bool, default = true, description = "Whether a client stays with its target." }
      type            = { type = string, required = true, description = "lb_cookie, app_cookie or source_ip." }
      cookie_duration = { type = number, default = 86400, description = "Seconds, for lb_cookie." }
      cookie_name     = { type = string, optional = true, description = "Name of the application's cookie, for app_cookie." }
    }
  }

  let = {
    made_up = "${coalesce(name_prefix, "tf-")}${substr(intent.id, 0, 20)}"
    # A create says what the configuration does; what it leaves open is known only afterwards.
    said = prior == null ? { stickiness = config.stickiness, algorithm = config.load_balancing_algorithm_type, protocol = config.protocol } : { stickiness = stickiness, algorithm = load_balancing_algorithm_type, protocol = protocol }
    attributes_kept = concat(
      [{ Key = "deregistration_delay.timeout_seconds", Value = deregistration_delay }],
      slow_start > 0 || try(prior.slow_start > 0, false) ? [{ Key = "slow_start.duration_seconds", Value = slow_start }] : [],
      said.algorithm == null || !contains(["HTTP", "HTTPS"], coalesce(said.protocol, "HTTP")) ? [] : [{ Key = "load_balancing.algorithm.type", Value = said.algorithm }],
      flatten([
        for s in items(said.stickiness) : [
          { Key = "stickiness.enabled", Value = s.enabled == null ? true : s.enabled },
          { Key = "stickiness.type", Value = s.type },
          s.type == "lb_cookie" ? [{ Key = "stickiness.lb_cookie.duration_seconds", Value = s.cookie_duration == null ? 86400 : s.cookie_duration }] : [],
          s.type == "app_cookie" ? [
            { Key = "stickiness.app_cookie.cookie_name", Value = s.cookie_name },
            { Key = "stickiness.app_cookie.duration_seconds", Value = s.cookie_duration == null ? 86400 : s.cookie_duration },
          ] : [],
        ]
      ]),
    )
    attributes_there = { for a in items(answers.attributes.body.Attributes) : a.Key => a.Value }
  }

  create {
    request {
      action = "CreateTargetGroup"
      params = {
        Name            = config.name != null ? config.name : made_up
        TargetType      = target_type
        Port            = port
        Protocol        = config.protocol
        ProtocolVersion = config.protocol_version
        IpAddressType   = config.ip_address_type
        VpcId           = vpc_id

        HealthCheckEnabled         = one([for h in items(config.health_check) : h.enabled == null ? true : h.enabled])
        HealthCheckProtocol        = one([for h in items(config.health_check) : h.protocol])
        HealthCheckPort            = one([for h in items(config.health_check) : h.port])
        HealthCheckPath            = one([for h in items(config.health_check) : h.path])
        HealthCheckIntervalSeconds = one([for h in items(config.health_check) : h.interval == null ? 30 : h.interval])
        HealthCheckTimeoutSeconds  = one([for h in items(config.health_check) : h.timeout])
        HealthyThresholdCount      = one([for h in items(config.health_check) : h.healthy_threshold == null ? 3 : h.healthy_threshold])
        UnhealthyThresholdCount    = one([for h in items(config.health_check) : h.unhealthy_threshold == null ? 3 : h.unhealthy_threshold])
        Matcher                    = one([for h in items(config.health_check) : h.matcher == null ? null : config.protocol_version == "GRPC" ? { GrpcCode = h.matcher } : { HttpCode = h.matcher }])
        Tags                       = tags_made
      }
      set = { id = response.body.TargetGroups[0].TargetGroupArn }
    }
    request {
      action = "ModifyTargetGroupAttributes"
      when   = target_type != "lambda"
      params = { TargetGroupArn = id, Attributes = attributes_kept }
    }
  }
  # One that somebody else has made under this name is not what was begun here: its tags tell.
  find {
    request "groups" {
      action = "DescribeTargetGroups"
      params = { Names = [coalesce(name, made_up)] }
    }
    request "tags" {
      action = "DescribeTags"
      params = { ResourceArns = [for g in items(answers.groups.body.TargetGroups) : g.TargetGroupArn] }
    }
    objects = [for g in items(answers.groups.body.TargetGroups) : g if try(intents[g.TargetGroupArn] == intent.id, false)]
    key     = object.TargetGroupArn
  }
  read {
    request "group" {
      action = "DescribeTargetGroups"
      params = { TargetGroupArns = [id] }
    }
    request "attributes" {
      action = "DescribeTargetGroupAttributes"
      params = { TargetGroupArn = id }
    }
    request "tags" {
      action = "DescribeTags"
      params = { ResourceArns = [id] }
    }
    object = answers.group.body.TargetGroups[0]
  }
  update {
    attributes = ["health_check"]
    action     = "ModifyTargetGroup"
    params = {
      TargetGroupArn             = id
      HealthCheckEnabled         = health_check[0].enabled
      HealthCheckProtocol        = health_check[0].protocol
      HealthCheckPort            = health_check[0].port
      HealthCheckPath            = health_check[0].path
      HealthCheckIntervalSeconds = health_check[0].interval
      HealthCheckTimeoutSeconds  = health_check[0].timeout
      HealthyThresholdCount      = health_check[0].healthy_threshold
      UnhealthyThresholdCount    = health_check[0].unhealthy_threshold
      Matcher                    = health_check[0].matcher == null ? null : protocol_version == "GRPC" ? { GrpcCode = health_check[0].matcher } : { HttpCode = health_check[0].matcher }
    }
  }
  update {
    attributes = ["deregistration_delay", "slow_start", "load_balancing_algorithm_type", "stickiness"]
    action     = "ModifyTargetGroupAttributes"
    params     = { TargetGroupArn = id, Attributes = attributes_kept }
  }
  delete {
    action = "DeleteTargetGroup"
    params = { TargetGroupArn = id }
    # The listener that forwarded to it may still be going.
    retry {
      when    = contains(["ResourceInUse", "Throttling"], error.code) || response.status == 503
      timeout = 120
    }
  }

  object = {
    name             = object.TargetGroupName
    target_type      = object.TargetType
    port             = try(tonumber(object.Port), null)
    protocol         = try(object.Protocol, null)
    protocol_version = try(object.ProtocolVersion, null)
    ip_address_type  = try(object.IpAddressType, null)
    vpc_id           = try(object.VpcId, null)
    arn              = object.TargetGroupArn
    arn_suffix       = "targetgroup/${element(split(":targetgroup/", object.TargetGroupArn), 1)}"

    deregistration_delay          = try(tonumber(coalesce(attributes_there["deregistration_delay.timeout_seconds"])), deregistration_delay)
    slow_start                    = try(tonumber(coalesce(attributes_there["slow_start.duration_seconds"])), slow_start)
    load_balancing_algorithm_type = try(coalesce(attributes_there["load_balancing.algorithm.type"]), load_balancing_algorithm_type)

    health_check = [{
      enabled             = try(object.HealthCheckEnabled, true)
      protocol            = try(object.HealthCheckProtocol, null)
      port                = try(object.HealthCheckPort, "traffic-port")
      path                = try(object.HealthCheckPath, null)
      matcher             = try(object.Matcher.HttpCode, object.Matcher.GrpcCode, null)
      interval            = try(tonumber(object.HealthCheckIntervalSeconds), 30)
      timeout             = try(tonumber(object.HealthCheckTimeoutSeconds), null)
      healthy_threshold   = try(tonumber(object.HealthyThresholdCount), 3)
      unhealthy_threshold = try(tonumber(object.UnhealthyThresholdCount), 3)
    }]
    stickiness = [
      for there in [attributes_there] : {
        enabled         = try(there["stickiness.enabled"], false)
        type            = try(coalesce(there["stickiness.type"]), "lb_cookie")
        cookie_duration = try(tonumber(there[there["stickiness.type"] == "app_cookie" ? "stickiness.app_cookie.duration_seconds" : "stickiness.lb_cookie.duration_seconds"]), 86400)
        cookie_name     = try(coalesce(there["stickiness.app_cookie.cookie_name"]), null)
      } if can(there["stickiness.type"])
    ]
  }
}

resource "aws_lb_target_group_attachment" {
  summary  = "One target of a target group."
  service  = "elasticloadbalancing"
  identity = ["target_group_arn", "target_id", "port", "availability_zone"]
  import = {}
  attributes = {
    target_group_arn  = { type = string, required = true, replaces = true, description = "Target group." }
    target_id         = { type = string, required = true, replaces = true, description = "Instance, address, function or load balancer, by the group's target_type." }
    port              = { type = number, optional = true, replaces = true, description = "Port; the group's where absent." }
    availability_zone = { type = string, optional = true, replaces = true, description = "Zone of an address outside the network, or all." }

    id = { type = string, computed = true, description = "Target group and target." }
  }

  let = {
    made_up = "${target_group_arn}-${substr(sha256(jsonencode([target_id, port, availability_zone])), 0, 16)}"
    target  = [{ Id = target_id, Port = port, AvailabilityZone = availability_zone }]
    there = [
      for h in items(response.body.TargetHealthDescriptions) : h
      if h.Target.Id == target_id && (port == null || try(tonumber(h.Target.Port) == port, false)) && try(h.TargetHealth.State, "") != "draining"
    ]
  }

  create {
    action = "RegisterTargets"
    params = { TargetGroupArn = target_group_arn, Targets = target }
    # An instance can become a target when it runs, which may be known here only a moment later.
    retry {
      when    = contains(["InvalidTarget", "Throttling"], error.code) || response.status == 503
      timeout = 60
    }
    id = made_up
  }
  # It carries no tags, and needs none: group, target and port are all that there is of it, and registering it twice is registering it once.
  find {
    action  = "DescribeTargetHealth"
    params  = { TargetGroupArn = target_group_arn }
    objects = there
    key     = made_up
  }
  read {
    action = "DescribeTargetHealth"
    params = { TargetGroupArn = target_group_arn }
    object = one(there)
  }
  delete {
    action = "DeregisterTargets"
    params = { TargetGroupArn = target_group_arn, Targets = target }
    accept = error.code == "InvalidTarget"
  }

  object = { target_id = object.Target.Id }
}

# Not in the Terraform provider: all targets of a group as one, so that their number may be known before their addresses are, and so that it
# is done when AWS really passes connections on to them.
resource "aws_lb_targets" {
  summary  = "The targets of a target group, all of them, and that they are healthy. What joins is healthy before anything leaves. Asked again with every plan: what is no longer healthy is shown as drift, and the next apply waits for it. AWS checks the targets of a group that a listener uses: depend on that."
  service  = "elasticloadbalancing"
  identity = ["target_group_arn"]
  import = { target_group_arn = import_id }
  attributes = {
    target_group_arn = { type = string, required = true, replaces = true, description = "Target group whose target_type is ip." }
    targets = {
      type        = list(object({ address = string, port = number, availability_zone = optional(string) }))
      required    = true
      unordered   = true
      description = "Address and port of each; availability_zone is all for an address outside the network."
    }
    timeout = { type = number, default = 300, description = "Seconds to wait until all are healthy." }

    id      = { type = string, computed = true, description = "The target group." }
    healthy = { type = bool, computed = true, value = true, description = "Whether all of them are." }
  }
  let = {
    wanted      = [for t in targets : { Id = t.address, Port = t.port, AvailabilityZone = t.availability_zone }]
    dropped     = [for t in prior.targets : { Id = t.address, Port = t.port, AvailabilityZone = t.availability_zone } if !contains([for n in targets : "${n.address} ${n.port}"], "${t.address} ${t.port}")]
    all_healthy = alltrue([for t in targets : contains([for h in items(response.body.TargetHealthDescriptions) : "${h.Target.Id} ${h.Target.Port}" if h.TargetHealth.State == "healthy"], "${t.address} ${t.port}")])
    unhealthy   = "not all targets are healthy: ${join(", ", [for h in items(response.body.TargetHealthDescriptions) : "${h.Target.Id}:${h.Target.Port} is ${h.TargetHealth.State}${try(" (${h.TargetHealth.Description})", "")}"])}"
  }

  create {
    request {
      action = "RegisterTargets"
      when   = length(targets) > 0
      params = { TargetGroupArn = target_group_arn, Targets = wanted }
      set    = { id = target_group_arn }
    }
    wait {
      action   = "DescribeTargetHealth"
      params   = { TargetGroupArn = target_group_arn }
      until    = all_healthy
      message  = unhealthy
      interval = 2
      timeout  = timeout
    }
    id = target_group_arn
  }
  # Whatever stands in the group is this object's, whoever put it there.
  find {
    action  = "DescribeTargetHealth"
    params  = { TargetGroupArn = target_group_arn }
    objects = [for h in [response.body] : h if length([for d in items(h.TargetHealthDescriptions) : d if d.TargetHealth.State != "draining"]) > 0]
    key     = target_group_arn
  }
  read {
    action = "DescribeTargetHealth"
    params = { TargetGroupArn = target_group_arn }
    object = response.body
  }
  update {
    attributes = ["targets", "healthy"]
    request {
      action = "RegisterTargets"
      when   = length(targets) > 0
      params = { TargetGroupArn = target_group_arn, Targets = wanted }
    }
    wait {
      action   = "DescribeTargetHealth"
      params   = { TargetGroupArn = target_group_arn }
      until    = all_healthy
      message  = unhealthy
      interval = 2
      timeout  = timeout
    }
    request {
      action = "DeregisterTargets"
      when   = length(dropped) > 0
      params = { TargetGroupArn = target_group_arn, Targets = dropped }
      accept = error.code == "InvalidTarget"
    }
  }
  update { attributes = ["timeout"] }
  delete {
    action = "DeregisterTargets"
    when   = length(targets) > 0
    params = { TargetGroupArn = target_group_arn, Targets = wanted }
    accept = error.code == "InvalidTarget"
  }

  object = {
    targets = [
      for h in items(object.TargetHealthDescriptions) : {
        address           = h.Target.Id
        port              = tonumber(h.Target.Port)
        availability_zone = try([for t in targets : t.availability_zone if t.address == h.Target.Id && t.port == tonumber(h.Target.Port)][0], null)
      } if h.TargetHealth.State != "draining"
    ]
    healthy = alltrue([for h in items(object.TargetHealthDescriptions) : contains(["healthy", "draining"], h.TargetHealth.State)])
  }
}

resource "aws_lb_listener" {
  summary = "A port on which a load balancer takes requests, and what it does with them."
  service = "elasticloadbalancing"
  use     = ["tags", "elb_tags"]
  attributes = {
    load_balancer_arn = { type = string, required = true, replaces = true, description = "Load balancer." }
    port              = { type = number, optional = true, description = "Port." }
    protocol          = { type = string, optional = true, computed = true, normalize = upper(value), description = "HTTP, HTTPS, TCP, TLS, UDP or TCP_UDP." }
    ssl_policy        = { type = string, optional = true, computed = true, description = "Protocols and ciphers, for HTTPS and TLS." }
    certificate_arn   = { type = string, optional = true, description = "Certificate, for HTTPS and TLS." }
    alpn_policy       = { type = string, optional = true, description = "Protocols offered by ALPN, for TLS." }

    id  = { type = string, computed = true, description = "The Amazon resource name." }
    arn = { type = string, computed = true, description = "Amazon resource name." }
  }
  block "default_action" {
    nesting = "list"
    minimum = 1
    attributes = {
      type             = { type = string, required = true, description = "forward, redirect or fixed-response." }
      target_group_arn = { type = string, optional = true, description = "Target group, for forward to a single one." }
      order            = { type = number, optional = true, computed = true, description = "Place among several actions." }
    }
    block "forward" {
      nesting = "list"
      maximum = 1
      block "target_group" {
        nesting = "set"
        minimum = 1
        attributes = {
          arn    = { type = string, required = true, description = "Target group." }
          weight = { type = number, default = 1, description = "Its share among the groups." }
        }
      }
      block "stickiness" {
        nesting = "list"
        maximum = 1
        attributes = {
          enabled  = { type = bool, default = false, description = "Whether a client stays with its group." }
          duration = { type = number, required = true, description = "Seconds." }
        }
      }
    }
    block "redirect" {
      nesting = "list"
      maximum = 1
      attributes = {
        status_code = { type = string, required = true, description = "HTTP_301 or HTTP_302." }
        protocol    = { type = string, default = "#{protocol}", description = "HTTP, HTTPS, or as it was." }
        host        = { type = string, default = "#{host}", description = "Host, or as it was." }
        port        = { type = string, default = "#{port}", description = "Port, or as it was." }
        path        = { type = string, default = "/#{path}", description = "Path, or as it was." }
        query       = { type = string, default = "#{query}", description = "Query, or as it was." }
      }
    }
    block "fixed_response" {
      nesting = "list"
      maximum = 1
      attributes = {
        content_type = { type = string, required = true, description = "text/plain, text/html, application/json, …" }
        message_body = { type = string, optional = true, description = "What is answered." }
        status_code  = { type = string, optional = true, computed = true, description = "Status of the answer." }
      }
    }
  }

  let = {
    on_port = [for l in items(answers.listeners.body.Listeners) : l if try(tonumber(l.Port) == port, port == null)]
    actions = [
      for a in config.default_action : {
        Type           = a.type
        Order          = a.order
        TargetGroupArn = a.target_group_arn
        ForwardConfig = one([
          for f in items(a.forward) : {
            TargetGroups = [for g in items(f.target_group) : { TargetGroupArn = g.arn, Weight = g.weight == null ? 1 : g.weight }]
            TargetGroupStickinessConfig = one([
              for s in items(f.stickiness) : { Enabled = s.enabled == true, DurationSeconds = s.duration }
            ])
          }
        ])
        RedirectConfig = one([
          for r in items(a.redirect) : { StatusCode = r.status_code, Protocol = r.protocol, Host = r.host, Port = r.port, Path = r.path, Query = r.query }
        ])
        FixedResponseConfig = one([
          for r in items(a.fixed_response) : { ContentType = r.content_type, MessageBody = r.message_body, StatusCode = r.status_code }
        ])
      }
    ]
  }

  create {
    action = "CreateListener"
    params = {
      LoadBalancerArn = load_balancer_arn
      Port            = port
      Protocol        = config.protocol == null ? null : upper(config.protocol)
      SslPolicy       = config.ssl_policy
      Certificates    = certificate_arn == null ? null : [{ CertificateArn = certificate_arn }]
      AlpnPolicy      = alpn_policy == null ? null : [alpn_policy]
      DefaultActions  = actions
      Tags            = tags_made
    }
    # A certificate that has just been issued is not known everywhere at once.
    retry {
      when    = contains(["CertificateNotFound", "Throttling"], error.code) || response.status == 503
      timeout = 120
    }
    id = response.body.Listeners[0].ListenerArn
  }
  # A load balancer has one listener on a port (on each of TCP and UDP, a network's), which somebody else may have made: its tags tell.
  find {
    request "listeners" {
      action = "DescribeListeners"
      params = { LoadBalancerArn = load_balancer_arn }
    }
    request "tags" {
      action = "DescribeTags"
      when   = length(on_port) > 0
      params = { ResourceArns = on_port[*].ListenerArn }
    }
    objects = [for l in on_port : l if try(intents[l.ListenerArn] == intent.id, false)]
    key     = object.ListenerArn
    paged   = true
  }
  read {
    request "listener" {
      action = "DescribeListeners"
      params = { ListenerArns = [id] }
    }
    request "tags" {
      action = "DescribeTags"
      params = { ResourceArns = [id] }
    }
    object = answers.listener.body.Listeners[0]
  }
  update {
    attributes = ["port", "protocol", "ssl_policy", "certificate_arn", "alpn_policy", "default_action"]
    action     = "ModifyListener"
    params = {
      ListenerArn    = id
      Port           = port
      Protocol       = protocol == null ? null : upper(protocol)
      SslPolicy      = contains(["HTTPS", "TLS"], coalesce(upper(protocol), "")) ? ssl_policy : null
      Certificates   = certificate_arn == null ? null : [{ CertificateArn = certificate_arn }]
      AlpnPolicy     = alpn_policy == null ? null : [alpn_policy]
      DefaultActions = actions
    }
  }
  delete {
    action = "DeleteListener"
    params = { ListenerArn = id }
  }

  object = {
    load_balancer_arn = object.LoadBalancerArn
    port              = try(tonumber(object.Port), null)
    protocol          = try(object.Protocol, null)
    ssl_policy        = try(object.SslPolicy, null)
    certificate_arn   = try(object.Certificates[0].CertificateArn, null)
    alpn_policy       = try(object.AlpnPolicy[0], null)
    arn               = object.ListenerArn
    # AWS writes a single target group in both forms; here it stays in the one that the configuration has.
    default_action = [
      for i, a in items(object.DefaultActions) : {
        type             = a.Type
        order            = try(tonumber(a.Order), null)
        target_group_arn = try(length(default_action[i].forward) > 0, false) ? null : try(a.TargetGroupArn, a.ForwardConfig.TargetGroups[0].TargetGroupArn, null)
        forward = [
          for f in items(try(a.ForwardConfig, null)) : {
            target_group = [for g in items(f.TargetGroups) : { arn = g.TargetGroupArn, weight = try(tonumber(g.Weight), 1) }]
            stickiness = [
              for s in items(try(f.TargetGroupStickinessConfig, null)) : { enabled = try(tobool(s.Enabled), false), duration = try(tonumber(s.DurationSeconds), null) }
              if try(length(default_action[i].forward[0].stickiness) > 0, false) || try(tobool(s.Enabled), false)
            ]
          } if try(length(default_action[i].forward) > 0, false) || length(items(f.TargetGroups)) > 1
        ]
        redirect = [
          for r in items(try(a.RedirectConfig, null)) : {
            status_code = r.StatusCode
            protocol    = try(r.Protocol, "#{protocol}")
            host        = try(r.Host, "#{host}")
            port        = try(r.Port, "#{port}")
            path        = try(r.Path, "/#{path}")
            query       = try(r.Query, "#{query}")
          }
        ]
        fixed_response = [
          for r in items(try(a.FixedResponseConfig, null)) : {
            content_type = try(r.ContentType, null)
            message_body = try(r.MessageBody, null)
            status_code  = r.StatusCode
          }
        ]
      }
    ]
  }
}
