# A rule of AWS's is a protocol, ports and one source; a block of ours is protocol, ports and several. Both are compared as what EC2
# takes in its requests: one permission for each source ("atoms" below). Blocks whose atoms are all there stay as they are written.
resource "aws_security_group" {
  summary = "A firewall around instances, databases and load balancers."
  service = "ec2"
  use     = ["tags", "ec2_tags", "ec2_arn"]
  attributes = {
    name        = { type = string, optional = true, computed = true, replaces = true, description = "Unique within the network; made up where neither it nor name_prefix is given." }
    name_prefix = { type = string, optional = true, replaces = true, description = "What a name that is made up begins with." }
    description = { type = string, default = "Managed by Terraform", replaces = true, description = "Cannot be changed: AWS has no request for it." }
    vpc_id      = { type = string, optional = true, computed = true, replaces = true, description = "Network; the account's default one where absent." }

    revoke_rules_on_delete = { type = bool, default = false, description = "Whether its rules go first, for groups that refer to one another." }

    id       = { type = string, computed = true, description = "sg-…" }
    arn      = { type = string, computed = true, description = "Amazon resource name." }
    owner_id = { type = string, computed = true, description = "Account." }
  }
  # Without any block of a direction its rules are somebody else's, such as those of aws_security_group_rule, and are left alone.
  block "ingress" {
    nesting  = "set"
    computed = true
    attributes = {
      protocol         = { type = string, required = true, normalize = lookup({ all = "-1", "6" = "tcp", "17" = "udp", "1" = "icmp", "58" = "icmpv6" }, lower(value), lower(value)), description = "tcp, udp, icmp, icmpv6, a number, or -1 for all." }
      from_port        = { type = number, required = true, description = "First port, or the type of ICMP." }
      to_port          = { type = number, required = true, description = "Last port, or the code of ICMP." }
      cidr_blocks      = { type = list(string), default = [], unordered = true, description = "IPv4 ranges." }
      ipv6_cidr_blocks = { type = list(string), default = [], unordered = true, description = "IPv6 ranges." }
      prefix_list_ids  = { type = list(string), default = [], unordered = true, description = "Managed prefix lists." }
      security_groups  = { type = set(string), default = [], description = "Other groups." }
      self             = { type = bool, default = false, description = "Whether the group itself is the other side." }
      description      = { type = string, default = "", description = "What the rule is for." }
    }
  }
  block "egress" {
    nesting  = "set"
    computed = true
    attributes = {
      protocol         = { type = string, required = true, normalize = lookup({ all = "-1", "6" = "tcp", "17" = "udp", "1" = "icmp", "58" = "icmpv6" }, lower(value), lower(value)), description = "tcp, udp, icmp, icmpv6, a number, or -1 for all." }
      from_port        = { type = number, required = true, description = "First port, or the type of ICMP." }
      to_port          = { type = number, required = true, description = "Last port, or the code of ICMP." }
      cidr_blocks      = { type = list(string), default = [], unordered = true, description = "IPv4 ranges." }
      ipv6_cidr_blocks = { type = list(string), default = [], unordered = true, description = "IPv6 ranges." }
      prefix_list_ids  = { type = list(string), default = [], unordered = true, description = "Managed prefix lists." }
      security_groups  = { type = set(string), default = [], description = "Other groups." }
      self             = { type = bool, default = false, description = "Whether the group itself is the other side." }
      description      = { type = string, default = "", description = "What the rule is for." }
    }
  }

  let = {
    # Blocks with what they come to in AWS's words, one rule and one other side each: those that are wanted and those that were. A create says what
    # the configuration does; what it leaves open is known only afterwards.
    blocks = {
      for way, blocks in {
        Ingress       = try(prior == null, false) ? config.ingress : ingress
        Egress        = try(prior == null, false) ? config.egress : egress
        FormerIngress = try(prior.ingress, null)
        FormerEgress  = try(prior.egress, null)
        } : way => [for b in items(blocks) : { block = b, atoms = [
          for t in concat(
            [for c in items(b.cidr_blocks) : ["IpRanges", "CidrIp", c]],
            [for c in items(b.ipv6_cidr_blocks) : ["Ipv6Ranges", "CidrIpv6", c]],
            [for c in items(b.prefix_list_ids) : ["PrefixListIds", "PrefixListId", c]],
            [for c in items(b.security_groups) : ["Groups", "GroupId", c] if c != null],
            b.self == true ? [["Groups", "GroupId", id]] : [],
            ) : {
            IpProtocol = lookup({ all = "-1", "6" = "tcp", "17" = "udp", "1" = "icmp", "58" = "icmpv6" }, lower(b.protocol), lower(b.protocol))
            FromPort   = b.from_port
            ToPort     = b.to_port
            (t[0])     = [{ (t[1]) = t[2], Description = b.description == "" ? null : b.description }]
          }
      ] }]
    }
    # What AWS has, in the same words.
    there = {
      for way, permissions in { Ingress = try(object.ipPermissions, null), Egress = try(object.ipPermissionsEgress, null) } :
      way => flatten([
        for p in items(permissions) : [
          for t in concat(
            [for r in items(try(p.ipRanges, null)) : ["IpRanges", "CidrIp", r.cidrIp, try(r.description, null)]],
            [for r in items(try(p.ipv6Ranges, null)) : ["Ipv6Ranges", "CidrIpv6", r.cidrIpv6, try(r.description, null)]],
            [for r in items(try(p.prefixListIds, null)) : ["PrefixListIds", "PrefixListId", r.prefixListId, try(r.description, null)]],
            [for r in items(try(p.groups, null)) : ["Groups", "GroupId", r.groupId, try(r.description, null)]],
            ) : {
            IpProtocol = p.ipProtocol
            FromPort   = try(tonumber(p.fromPort), 0)
            ToPort     = try(tonumber(p.toPort), 0)
            (t[0])     = [{ (t[1]) = t[2], Description = t[3] }]
          }
        ]
      ])
    }
    # Own blocks that are there as a whole, and blocks for what is there and in none of them. A group that has none leaves its rules to others.
    found = {
      for way, recorded in { Ingress = ingress, Egress = egress } : way => flatten([
        for kept in [[
          for own in blocks[way] : own
          if alltrue([for atom in own.atoms : contains([for x in there[way] : jsonencode(x)], jsonencode(atom))])
          ]] : concat([for own in kept : own.block], [
          for group in values({
            for atom in there[way] : jsonencode([atom.IpProtocol, atom.FromPort, atom.ToPort, concat(values({ for k, v in atom : k => v if can(v[0].Description) })...)[0].Description]) => atom...
            if !contains([for x in flatten([for own in kept : own.atoms]) : jsonencode(x)], jsonencode(atom))
            }) : {
            protocol         = group[0].IpProtocol
            from_port        = group[0].FromPort
            to_port          = group[0].ToPort
            cidr_blocks      = [for atom in group : atom.IpRanges[0].CidrIp if can(atom.IpRanges)]
            ipv6_cidr_blocks = [for atom in group : atom.Ipv6Ranges[0].CidrIpv6 if can(atom.Ipv6Ranges)]
            prefix_list_ids  = [for atom in group : atom.PrefixListIds[0].PrefixListId if can(atom.PrefixListIds)]
            security_groups  = [for atom in group : atom.Groups[0].GroupId if try(atom.Groups[0].GroupId != id, false)]
            self             = anytrue([for atom in group : try(atom.Groups[0].GroupId == id, false)])
            description      = try(coalesce(try(group[0].IpRanges, group[0].Ipv6Ranges, group[0].PrefixListIds, group[0].Groups)[0].Description), "")
          }
        ]) if try(length(recorded) > 0, true)
      ])
    }
  }

  create {
    request {
      action = "CreateSecurityGroup"
      params = {
        GroupName        = config.name != null ? config.name : "${coalesce(name_prefix, "terraform-")}${substr(intent.id, 0, 20)}"
        GroupDescription = description
        VpcId            = config.vpc_id
        TagSpecification = [{ ResourceType = "security-group", Tag = tags_made }]
      }
      set = { id = response.body.groupId }
    }
    wait {
      action   = "DescribeSecurityGroups"
      params   = { GroupId = [id] }
      accept   = error.code == "InvalidGroup.NotFound"
      until    = length(response.body.securityGroupInfo) == 1
      interval = 0.5
      timeout  = 120
    }
    # AWS lets everything out of a new group; here only what a block allows goes out.
    request {
      action = "RevokeSecurityGroupEgress"
      params = { GroupId = id, IpPermissions = [{ IpProtocol = "-1", IpRanges = [{ CidrIp = "0.0.0.0/0" }] }] }
      accept = error.code == "InvalidPermission.NotFound"
    }
    request {
      action   = "AuthorizeSecurityGroup${each.value}"
      for_each = ["Ingress", "Egress"]
      when     = length(flatten(blocks[each.value][*].atoms)) > 0
      params   = { GroupId = id, IpPermissions = flatten(blocks[each.value][*].atoms) }
    }
  }
  find {
    action  = "DescribeSecurityGroups"
    params  = { Filter = by_intent }
    objects = items(response.body.securityGroupInfo)
    key     = object.groupId
    paged   = true
  }
  read {
    action = "DescribeSecurityGroups"
    params = { GroupId = [id] }
    object = response.body.securityGroupInfo[0]
  }
  list {
    action  = "DescribeSecurityGroups"
    objects = items(response.body.securityGroupInfo)
    key     = object.groupId
    paged   = true
  }
  # What goes and what comes, direction by direction.
  update {
    attributes = ["ingress", "egress"]
    action     = "${each.value.verb}SecurityGroup${each.value.way}"
    for_each = flatten([
      for way in ["Ingress", "Egress"] : [
        for side in [[flatten(blocks["Former${way}"][*].atoms), flatten(blocks[way][*].atoms)]] : [
          { verb = "Revoke", way = way, atoms = [for atom in side[0] : atom if !contains([for other in side[1] : jsonencode(other)], jsonencode(atom))] },
          { verb = "Authorize", way = way, atoms = [for atom in side[1] : atom if !contains([for other in side[0] : jsonencode(other)], jsonencode(atom))] },
        ]
      ]
    ])
    when   = length(each.value.atoms) > 0
    params = { GroupId = id, IpPermissions = each.value.atoms }
    # A rule that is gone already is no failure. One that is there already is: AWS then adds none of the others.
    accept = each.value.verb == "Revoke" && error.code == "InvalidPermission.NotFound"
  }
  update { attributes = ["revoke_rules_on_delete"] }
  delete {
    request "current" {
      action = "DescribeSecurityGroups"
      params = { GroupId = [id] }
    }
    request {
      action = "RevokeSecurityGroup${each.value.way}"
      when   = revoke_rules_on_delete
      for_each = flatten([
        for way, permissions in { Ingress = "ipPermissions", Egress = "ipPermissionsEgress" } : [
          for p in items(try(answers.current.body.securityGroupInfo[0][permissions], null)) : { way = way, permission = {
            IpProtocol    = p.ipProtocol
            FromPort      = try(p.fromPort, null)
            ToPort        = try(p.toPort, null)
            IpRanges      = [for r in items(try(p.ipRanges, null)) : { CidrIp = r.cidrIp }]
            Ipv6Ranges    = [for r in items(try(p.ipv6Ranges, null)) : { CidrIpv6 = r.cidrIpv6 }]
            PrefixListIds = [for r in items(try(p.prefixListIds, null)) : { PrefixListId = r.prefixListId }]
            Groups        = [for r in items(try(p.groups, null)) : { GroupId = r.groupId }]
          } }
        ]
      ])
      params = { GroupId = id, IpPermissions = [each.value.permission] }
      accept = error.code == "InvalidPermission.NotFound"
    }
    request {
      action = "DeleteSecurityGroup"
      params = { GroupId = id }
    }
  }

  object = {
    name        = object.groupName
    description = object.groupDescription
    vpc_id      = try(object.vpcId, null)
    arn         = "${ec2_arn}:${object.ownerId}:security-group/${id}"
    owner_id    = object.ownerId
    ingress     = found.Ingress
    egress      = found.Egress
  }
}

resource "aws_security_group_rule" {
  summary = "Rules of a security group that has no such blocks itself."
  service = "ec2"
  # GROUP_TYPE_PROTOCOL_FROM_TO_OTHER[_OTHER]…: the other sides are ranges, prefix lists, one other group, or self.
  import = {
    security_group_id        = regex("^(sg-[0-9a-z]+)_(ingress|egress)_([^_]+)_(-?[0-9]+)_(-?[0-9]+)_(.+)$", import_id)[0]
    type                     = split("_", import_id)[1]
    protocol                 = split("_", import_id)[2]
    from_port                = split("_", import_id)[3]
    to_port                  = split("_", import_id)[4]
    cidr_blocks              = length([for o in slice(split("_", import_id), 5, length(split("_", import_id))) : o if can(cidrnetmask(o))]) == 0 ? null : [for o in slice(split("_", import_id), 5, length(split("_", import_id))) : o if can(cidrnetmask(o))]
    ipv6_cidr_blocks         = length([for o in slice(split("_", import_id), 5, length(split("_", import_id))) : o if strcontains(o, ":")]) == 0 ? null : [for o in slice(split("_", import_id), 5, length(split("_", import_id))) : o if strcontains(o, ":")]
    prefix_list_ids          = length([for o in slice(split("_", import_id), 5, length(split("_", import_id))) : o if startswith(o, "pl-")]) == 0 ? null : [for o in slice(split("_", import_id), 5, length(split("_", import_id))) : o if startswith(o, "pl-")]
    source_security_group_id = try([for o in slice(split("_", import_id), 5, length(split("_", import_id))) : o if startswith(o, "sg-")][0], null)
    self                     = contains(slice(split("_", import_id), 5, length(split("_", import_id))), "self")
  }
  attributes = {
    security_group_id = { type = string, required = true, replaces = true, description = "Group." }
    type              = { type = string, required = true, replaces = true, description = "ingress or egress.", validation = { condition = contains(["ingress", "egress"], value), message = "A rule is for \"ingress\" or \"egress\"." } }
    protocol          = { type = string, required = true, replaces = true, normalize = lookup({ all = "-1", "6" = "tcp", "17" = "udp", "1" = "icmp", "58" = "icmpv6" }, lower(value), lower(value)), description = "tcp, udp, icmp, icmpv6, a number, or -1 for all." }
    from_port         = { type = number, required = true, replaces = true, description = "First port, or the type of ICMP." }
    to_port           = { type = number, required = true, replaces = true, description = "Last port, or the code of ICMP." }
    cidr_blocks       = { type = list(string), optional = true, replaces = true, unordered = true, description = "IPv4 ranges." }
    ipv6_cidr_blocks  = { type = list(string), optional = true, replaces = true, unordered = true, description = "IPv6 ranges." }
    prefix_list_ids   = { type = list(string), optional = true, replaces = true, unordered = true, description = "Managed prefix lists." }

    source_security_group_id = { type = string, optional = true, computed = true, replaces = true, description = "Another group." }

    self        = { type = bool, default = false, replaces = true, description = "Whether the group itself is the other side." }
    description = { type = string, optional = true, description = "What the rule is for." }

    id                     = { type = string, computed = true, description = "Made of everything that the rule says." }
    security_group_rule_id = { type = string, computed = true, description = "sgr-…, where it is one rule to AWS." }
  }
  validation = {
    condition = length(concat(items(cidr_blocks), items(ipv6_cidr_blocks), items(prefix_list_ids), [for s in [source_security_group_id] : s if s != null])) > 0 || self == true
    message   = "The rule has no other side: give cidr_blocks, ipv6_cidr_blocks, prefix_list_ids, self or source_security_group_id."
  }

  let = {
    protocol_name = lookup({ all = "-1", "6" = "tcp", "17" = "udp", "1" = "icmp", "58" = "icmpv6" }, lower(protocol), lower(protocol))
    # What a create leaves open is known only afterwards.
    group_named = try(prior == null, false) ? config.source_security_group_id : source_security_group_id
    others      = concat(items(cidr_blocks), items(ipv6_cidr_blocks), items(prefix_list_ids), [for s in [source_security_group_id] : s if s != null], self ? [security_group_id] : [])
    made_up     = "sgrule-${substr(sha256(jsonencode([security_group_id, type, protocol_name, from_port, to_port, sort(concat(items(cidr_blocks), items(ipv6_cidr_blocks), items(prefix_list_ids), [for s in [group_named] : s if s != null])), self])), 0, 16)}"
    permissions = [
      for t in concat(
        [for c in items(cidr_blocks) : ["IpRanges", "CidrIp", c]],
        [for c in items(ipv6_cidr_blocks) : ["Ipv6Ranges", "CidrIpv6", c]],
        [for c in items(prefix_list_ids) : ["PrefixListIds", "PrefixListId", c]],
        [for c in [group_named] : ["Groups", "GroupId", c] if c != null],
        self == true ? [["Groups", "GroupId", security_group_id]] : [],
        ) : {
        IpProtocol = protocol_name
        FromPort   = from_port
        ToPort     = to_port
        (t[0])     = [{ (t[1]) = t[2], Description = description == "" ? null : description }]
      }
    ]
    # The permission that has all of it, and may have more that is another rule's.
    there = [for p in items(answers.group.body.securityGroupInfo[0][type == "egress" ? "ipPermissionsEgress" : "ipPermissions"]) : p if(
      p.ipProtocol == protocol_name
      && (p.ipProtocol == "-1" || try(tonumber(p.fromPort) == from_port && tonumber(p.toPort) == to_port, false))
      && length(setsubtract(
        others,
        [for t in concat(items(try(p.ipRanges, null)), items(try(p.ipv6Ranges, null)), items(try(p.prefixListIds, null)), items(try(p.groups, null))) : try(t.cidrIp, t.cidrIpv6, t.prefixListId, t.groupId)],
      )) == 0
    )]
  }

  create {
    request {
      action = "AuthorizeSecurityGroup${title(type)}"
      params = { GroupId = security_group_id, IpPermissions = permissions }
      set    = { id = made_up }
    }
  }
  # The rule's own words name it: AWS refuses a second one like it.
  find {
    request "group" {
      action = "DescribeSecurityGroups"
      params = { GroupId = [security_group_id] }
    }
    objects = there
    key     = made_up
  }
  read {
    request "group" {
      action = "DescribeSecurityGroups"
      params = { GroupId = [security_group_id] }
    }
    request "rules" {
      action = "DescribeSecurityGroupRules"
      when   = security_group_rule_id == null
      params = { Filter = [{ Name = "group-id", Value = [security_group_id] }] }
    }
    object = try(there[0], null)
  }
  update {
    attributes = ["description"]
    action     = "UpdateSecurityGroupRuleDescriptions${title(type)}"
    params     = { GroupId = security_group_id, IpPermissions = permissions }
  }
  delete {
    action = "RevokeSecurityGroup${title(type)}"
    params = { GroupId = security_group_id, IpPermissions = permissions }
  }

  # The other side stays as recorded: the permission has all of it (see read), and may have more that is another rule's.
  object = {
    description = try([
      for t in concat(items(try(object.ipRanges, null)), items(try(object.ipv6Ranges, null)), items(try(object.prefixListIds, null)), items(try(object.groups, null))) :
      try(t.description, null) if contains(concat(items(cidr_blocks), items(ipv6_cidr_blocks), items(prefix_list_ids), [coalesce(source_security_group_id, security_group_id)]), try(t.cidrIp, t.cidrIpv6, t.prefixListId, t.groupId))
    ][0], description)
    source_security_group_id = source_security_group_id
    security_group_rule_id = security_group_rule_id != null ? security_group_rule_id : one([
      for found in [[
        for r in items(try(answers.rules.body.securityGroupRuleSet, null)) : r.securityGroupRuleId
        if try(r.isEgress, "false") == tostring(type == "egress") && try(r.ipProtocol, "") == protocol_name
        && (protocol_name == "-1" || try(tonumber(r.fromPort) == from_port && tonumber(r.toPort) == to_port, false))
        && contains(others, try(r.cidrIpv4, r.cidrIpv6, r.prefixListId, r.referencedGroupInfo.groupId, ""))
      ]] : found[0] if length(found) == 1
    ])
  }
}

# One rule from one place, an object of its own to AWS. Two resources of this kind with the same words are one rule that both claim, so that
# firewalls unite; the last of them takes it away.
resource "aws_vpc_security_group_ingress_rule" {
  summary  = "One rule of what a security group lets in, from one place."
  service  = "ec2"
  use      = ["tags", "ec2_tags", "ec2_arn"]
  shared   = true
  identity = ["security_group_id", "ip_protocol", "from_port", "to_port", "cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id"]
  attributes = {
    security_group_id            = { type = string, required = true, replaces = true, description = "Group." }
    ip_protocol                  = { type = string, required = true, replaces = true, normalize = lookup({ all = "-1", "6" = "tcp", "17" = "udp", "1" = "icmp", "58" = "icmpv6" }, lower(value), lower(value)), description = "tcp, udp, icmp, icmpv6, a number, or -1 for all." }
    from_port                    = { type = number, optional = true, replaces = true, description = "First port, or the type of ICMP; -1: all types. Not with all protocols." }
    to_port                      = { type = number, optional = true, replaces = true, description = "Last port, or the code of ICMP." }
    cidr_ipv4                    = { type = string, optional = true, replaces = true, description = "IPv4 range." }
    cidr_ipv6                    = { type = string, optional = true, replaces = true, normalize = try(cidrsubnet(value, 0, 0), value), description = "IPv6 range." }
    prefix_list_id               = { type = string, optional = true, replaces = true, description = "Managed prefix list." }
    referenced_security_group_id = { type = string, optional = true, replaces = true, description = "Another group." }
    description                  = { type = string, optional = true, description = "What the rule is for." }

    id                     = { type = string, computed = true, description = "sgr-…" }
    security_group_rule_id = { type = string, computed = true, description = "The same." }
    arn                    = { type = string, computed = true, description = "Amazon resource name." }
  }
  validation = {
    condition = length([for s in [cidr_ipv4, cidr_ipv6, prefix_list_id, referenced_security_group_id] : s if s != null]) == 1
    message   = "A rule has one other side: cidr_ipv4, cidr_ipv6, prefix_list_id or referenced_security_group_id."
  }

  let = {
    protocol_name = lookup({ all = "-1", "6" = "tcp", "17" = "udp", "1" = "icmp", "58" = "icmpv6" }, lower(ip_protocol), lower(ip_protocol))
    permissions = [{
      IpProtocol    = protocol_name
      FromPort      = from_port
      ToPort        = to_port
      IpRanges      = [for c in [cidr_ipv4] : { CidrIp = c, Description = description } if c != null]
      Ipv6Ranges    = [for c in [cidr_ipv6] : { CidrIpv6 = c, Description = description } if c != null]
      PrefixListIds = [for c in [prefix_list_id] : { PrefixListId = c, Description = description } if c != null]
      Groups        = [for c in [referenced_security_group_id] : { GroupId = c, Description = description } if c != null]
    }]
    # The group's rules that say the same.
    same = [
      for r in items(response.body.securityGroupRuleSet) : r
      if try(r.isEgress, "false") == "false" && r.ipProtocol == protocol_name
      && try(tonumber(r.fromPort), -1) == (from_port == null ? -1 : from_port) && try(tonumber(r.toPort), -1) == (to_port == null ? -1 : to_port)
      && try(r.cidrIpv4, r.cidrIpv6, r.prefixListId, r.referencedGroupInfo.groupId, "") == [for s in [cidr_ipv4, cidr_ipv6, prefix_list_id, referenced_security_group_id] : s if s != null][0]
    ]
  }

  create {
    request {
      action = "AuthorizeSecurityGroupIngress"
      when   = !is_claimed
      params = {
        GroupId          = security_group_id
        IpPermissions    = permissions
        TagSpecification = [{ ResourceType = "security-group-rule", Tag = tags_made }]
      }
      set = { id = response.body.securityGroupRuleSet[0].securityGroupRuleId }
    }
    # Claimed by another resource: the rule is there.
    request {
      action = "DescribeSecurityGroupRules"
      when   = is_claimed
      params = { Filter = [{ Name = "group-id", Value = [security_group_id] }] }
      set    = { id = same[0].securityGroupRuleId }
    }
  }
  # The rule's own words name it: AWS refuses a second one like it.
  find {
    action  = "DescribeSecurityGroupRules"
    params  = { Filter = [{ Name = "group-id", Value = [security_group_id] }] }
    objects = same
    key     = object.securityGroupRuleId
    paged   = true
  }
  read {
    action = "DescribeSecurityGroupRules"
    params = { SecurityGroupRuleId = [id] }
    object = response.body.securityGroupRuleSet[0]
  }
  update {
    attributes = ["description"]
    action     = "UpdateSecurityGroupRuleDescriptionsIngress"
    params = {
      GroupId       = security_group_id
      IpPermissions = permissions
    }
  }
  delete {
    action = "RevokeSecurityGroupIngress"
    params = { GroupId = security_group_id, SecurityGroupRuleId = [id] }
  }

  object = {
    security_group_id            = object.groupId
    ip_protocol                  = object.ipProtocol
    from_port                    = object.ipProtocol == "-1" ? null : try(tonumber(object.fromPort), null)
    to_port                      = object.ipProtocol == "-1" ? null : try(tonumber(object.toPort), null)
    cidr_ipv4                    = try(object.cidrIpv4, null)
    cidr_ipv6                    = try(object.cidrIpv6, null)
    prefix_list_id               = try(object.prefixListId, null)
    referenced_security_group_id = try(object.referencedGroupInfo.groupId, null)
    description                  = try(object.description, null) == "" ? null : try(object.description, null)
    security_group_rule_id       = object.securityGroupRuleId
    arn                          = "${ec2_arn}:${try(object.groupOwnerId, "")}:security-group-rule/${object.securityGroupRuleId}"
  }
}
