resource "aws_route_table" {
  summary = "Where a subnet's packets go."
  service = "ec2"
  use     = ["tags", "ec2_tags", "ec2_arn"]
  attributes = {
    vpc_id           = { type = string, required = true, replaces = true, description = "Network." }
    propagating_vgws = { type = set(string), default = [], description = "Virtual gateways whose routes it takes." }

    id       = { type = string, computed = true, description = "rtb-…" }
    arn      = { type = string, computed = true, description = "Amazon resource name." }
    owner_id = { type = string, computed = true, description = "Account." }
  }
  # Without any block the table's routes are somebody else's, such as those of aws_route, and are left alone.
  block "route" {
    nesting  = "set"
    computed = true
    attributes = {
      cidr_block                 = { type = string, optional = true, description = "Destination: an IPv4 range." }
      ipv6_cidr_block            = { type = string, optional = true, description = "Destination: an IPv6 range." }
      destination_prefix_list_id = { type = string, optional = true, description = "Destination: a managed prefix list." }
      gateway_id                 = { type = string, optional = true, description = "Target: internet or virtual private gateway." }
      nat_gateway_id             = { type = string, optional = true, description = "Target: NAT gateway." }
      egress_only_gateway_id     = { type = string, optional = true, description = "Target: egress-only internet gateway." }
      transit_gateway_id         = { type = string, optional = true, description = "Target: transit gateway." }
      vpc_endpoint_id            = { type = string, optional = true, description = "Target: VPC endpoint." }
      vpc_peering_connection_id  = { type = string, optional = true, description = "Target: peering." }
      network_interface_id       = { type = string, optional = true, description = "Target: network interface." }
      local_gateway_id           = { type = string, optional = true, description = "Target: Outpost local gateway." }
      carrier_gateway_id         = { type = string, optional = true, description = "Target: carrier gateway." }
      core_network_arn           = { type = string, optional = true, description = "Target: core network." }
    }
  }

  let = {
    destinations        = [for p in items(route) : coalesce(p.cidr_block, p.ipv6_cidr_block, p.destination_prefix_list_id)]
    former_destinations = [for p in items(prior.route) : coalesce(p.cidr_block, p.ipv6_cidr_block, p.destination_prefix_list_id)]
    # The route that is at hand.
    whole = {
      RouteTableId                = id
      DestinationCidrBlock        = each.value.cidr_block
      DestinationIpv6CidrBlock    = each.value.ipv6_cidr_block
      DestinationPrefixListId     = each.value.destination_prefix_list_id
      GatewayId                   = each.value.gateway_id
      NatGatewayId                = each.value.nat_gateway_id
      EgressOnlyInternetGatewayId = each.value.egress_only_gateway_id
      TransitGatewayId            = each.value.transit_gateway_id
      VpcEndpointId               = each.value.vpc_endpoint_id
      VpcPeeringConnectionId      = each.value.vpc_peering_connection_id
      NetworkInterfaceId          = each.value.network_interface_id
      LocalGatewayId              = each.value.local_gateway_id
      CarrierGatewayId            = each.value.carrier_gateway_id
      CoreNetworkArn              = each.value.core_network_arn
    }
  }

  create {
    request {
      action = "CreateRouteTable"
      params = {
        VpcId            = vpc_id
        TagSpecification = [{ ResourceType = "route-table", Tag = tags_made }]
      }
      set = { id = response.body.routeTable.routeTableId }
    }
    wait {
      action   = "DescribeRouteTables"
      params   = { RouteTableId = [id] }
      accept   = error.code == "InvalidRouteTableID.NotFound"
      until    = length(response.body.routeTableSet) == 1
      interval = 0.5
      timeout  = 120
    }
    request {
      action   = "CreateRoute"
      for_each = items(config.route)
      params   = whole
    }
    request {
      action   = "EnableVgwRoutePropagation"
      for_each = propagating_vgws
      params   = { RouteTableId = id, GatewayId = each.value }
    }
  }
  find {
    action  = "DescribeRouteTables"
    params  = { Filter = by_intent }
    objects = items(response.body.routeTableSet)
    key     = object.routeTableId
    paged   = true
  }
  read {
    action = "DescribeRouteTables"
    params = { RouteTableId = [id] }
    object = response.body.routeTableSet[0]
  }
  list {
    action  = "DescribeRouteTables"
    objects = items(response.body.routeTableSet)
    key     = object.routeTableId
    paged   = true
  }
  update {
    attributes = ["route"]
    request {
      action   = "DeleteRoute"
      for_each = [for r in items(prior.route) : r if !contains(destinations, coalesce(r.cidr_block, r.ipv6_cidr_block, r.destination_prefix_list_id))]
      params = {
        RouteTableId             = id
        DestinationCidrBlock     = each.value.cidr_block
        DestinationIpv6CidrBlock = each.value.ipv6_cidr_block
        DestinationPrefixListId  = each.value.destination_prefix_list_id
      }
      accept = error.code == "InvalidRoute.NotFound"
    }
    request {
      action   = "ReplaceRoute"
      for_each = [for r in items(route) : r if contains(former_destinations, coalesce(r.cidr_block, r.ipv6_cidr_block, r.destination_prefix_list_id)) && !contains([for p in items(prior.route) : jsonencode(p)], jsonencode(r))]
      params   = whole
    }
    request {
      action   = "CreateRoute"
      for_each = [for r in items(route) : r if !contains(former_destinations, coalesce(r.cidr_block, r.ipv6_cidr_block, r.destination_prefix_list_id))]
      params   = whole
    }
  }
  update {
    attributes = ["propagating_vgws"]
    request {
      action   = "DisableVgwRoutePropagation"
      for_each = setsubtract(prior.propagating_vgws, propagating_vgws)
      params   = { RouteTableId = id, GatewayId = each.value }
    }
    request {
      action   = "EnableVgwRoutePropagation"
      for_each = setsubtract(propagating_vgws, prior.propagating_vgws)
      params   = { RouteTableId = id, GatewayId = each.value }
    }
  }
  delete {
    # Subnets that have been associated by hand would keep it.
    request "current" {
      action = "DescribeRouteTables"
      params = { RouteTableId = [id] }
    }
    request {
      action   = "DisassociateRouteTable"
      for_each = [for a in items(try(answers.current.body.routeTableSet[0].associationSet, null)) : a if try(a.main, "false") != "true"]
      params   = { AssociationId = each.value.routeTableAssociationId }
      accept   = error.code == "InvalidAssociationID.NotFound"
    }
    request {
      action = "DeleteRouteTable"
      params = { RouteTableId = id }
    }
  }

  object = {
    vpc_id           = object.vpcId
    propagating_vgws = [for v in items(try(object.propagatingVgwSet, null)) : v.gatewayId]
    # Neither the network's own route nor those that endpoints and virtual gateways put in.
    route = [
      for r in items(try(object.routeSet, null)) : {
        cidr_block                 = try(r.destinationCidrBlock, null)
        ipv6_cidr_block            = try(r.destinationIpv6CidrBlock, null)
        destination_prefix_list_id = try(r.destinationPrefixListId, null)
        gateway_id                 = try(startswith(r.gatewayId, "vpce-") ? null : r.gatewayId, null)
        vpc_endpoint_id            = try(startswith(r.gatewayId, "vpce-") ? r.gatewayId : null, null)
        nat_gateway_id             = try(r.natGatewayId, null)
        egress_only_gateway_id     = try(r.egressOnlyInternetGatewayId, null)
        transit_gateway_id         = try(r.transitGatewayId, null)
        vpc_peering_connection_id  = try(r.vpcPeeringConnectionId, null)
        network_interface_id       = try(r.networkInterfaceId, null)
        local_gateway_id           = try(r.localGatewayId, null)
        carrier_gateway_id         = try(r.carrierGatewayId, null)
        core_network_arn           = try(r.coreNetworkArn, null)
      } if try(r.origin, "") == "CreateRoute" && !(can(r.destinationPrefixListId) && try(startswith(r.gatewayId, "vpce-"), false)) && try(length(route) > 0, true)
    ]
    arn      = "${ec2_arn}:${object.ownerId}:route-table/${id}"
    owner_id = object.ownerId
  }
}

resource "aws_route" {
  summary  = "One route of a table whose aws_route_table has no route blocks."
  service  = "ec2"
  identity = ["route_table_id", "destination_cidr_block", "destination_ipv6_cidr_block", "destination_prefix_list_id"]
  # TABLE_DESTINATION
  import = {
    route_table_id              = regex("^(rtb-[0-9a-z]+)_(.+)$", import_id)[0]
    destination_cidr_block      = can(cidrnetmask(regex("_(.+)$", import_id)[0])) ? regex("_(.+)$", import_id)[0] : null
    destination_ipv6_cidr_block = strcontains(import_id, ":") ? regex("_(.+)$", import_id)[0] : null
    destination_prefix_list_id  = strcontains(import_id, "_pl-") ? regex("_(.+)$", import_id)[0] : null
  }
  attributes = {
    route_table_id              = { type = string, required = true, replaces = true, description = "Table." }
    destination_cidr_block      = { type = string, optional = true, replaces = true, description = "Destination: an IPv4 range." }
    destination_ipv6_cidr_block = { type = string, optional = true, replaces = true, description = "Destination: an IPv6 range." }
    destination_prefix_list_id  = { type = string, optional = true, replaces = true, description = "Destination: a managed prefix list." }
    gateway_id                  = { type = string, optional = true, description = "Target: internet or virtual private gateway." }
    nat_gateway_id              = { type = string, optional = true, description = "Target: NAT gateway." }
    egress_only_gateway_id      = { type = string, optional = true, description = "Target: egress-only internet gateway." }
    transit_gateway_id          = { type = string, optional = true, description = "Target: transit gateway." }
    vpc_endpoint_id             = { type = string, optional = true, description = "Target: VPC endpoint." }
    vpc_peering_connection_id   = { type = string, optional = true, description = "Target: peering." }
    network_interface_id        = { type = string, optional = true, computed = true, description = "Target: network interface." }

    id     = { type = string, computed = true, description = "Table and destination." }
    origin = { type = string, computed = true, description = "How the route came about." }
    state  = { type = string, computed = true, description = "active or blackhole." }
  }
  validation = {
    condition = length([for d in [destination_cidr_block, destination_ipv6_cidr_block, destination_prefix_list_id] : d if d != null]) == 1
    message   = "A route has one destination: destination_cidr_block, destination_ipv6_cidr_block or destination_prefix_list_id."
  }

  let = {
    destination = coalesce(destination_cidr_block, destination_ipv6_cidr_block, destination_prefix_list_id)
    made_up     = "r-${route_table_id}-${destination}"
    whole = {
      RouteTableId                = route_table_id
      DestinationCidrBlock        = destination_cidr_block
      DestinationIpv6CidrBlock    = destination_ipv6_cidr_block
      DestinationPrefixListId     = destination_prefix_list_id
      GatewayId                   = gateway_id
      NatGatewayId                = nat_gateway_id
      EgressOnlyInternetGatewayId = egress_only_gateway_id
      TransitGatewayId            = transit_gateway_id
      VpcEndpointId               = vpc_endpoint_id
      VpcPeeringConnectionId      = vpc_peering_connection_id
      NetworkInterfaceId          = config.network_interface_id
    }
    there = [
      for r in items(try(response.body.routeTableSet[0].routeSet, null)) : r
      if try(coalesce(try(r.destinationCidrBlock, null), try(r.destinationIpv6CidrBlock, null), try(r.destinationPrefixListId, null)) == destination, false)
    ]
  }

  create {
    action = "CreateRoute"
    params = whole
    id     = made_up
  }
  # It carries no tags: destination and target are all that there is of it. One to another target is somebody else's.
  find {
    action = "DescribeRouteTables"
    params = { RouteTableId = [route_table_id] }
    objects = [
      for r in there : r
      if alltrue([
        for t in [gateway_id, nat_gateway_id, egress_only_gateway_id, transit_gateway_id, vpc_endpoint_id, vpc_peering_connection_id, network_interface_id] :
        contains([for name in ["gatewayId", "natGatewayId", "egressOnlyInternetGatewayId", "transitGatewayId", "vpcPeeringConnectionId", "networkInterfaceId"] : try(r[name], null)], t) if t != null
      ])
    ]
    key = made_up
  }
  read {
    action = "DescribeRouteTables"
    params = { RouteTableId = [route_table_id] }
    object = one(there)
  }
  update {
    action = "ReplaceRoute"
    params = whole
  }
  delete {
    action = "DeleteRoute"
    params = {
      RouteTableId             = route_table_id
      DestinationCidrBlock     = destination_cidr_block
      DestinationIpv6CidrBlock = destination_ipv6_cidr_block
      DestinationPrefixListId  = destination_prefix_list_id
    }
  }

  object = {
    gateway_id                = try(startswith(object.gatewayId, "vpce-") ? null : object.gatewayId, null)
    vpc_endpoint_id           = try(startswith(object.gatewayId, "vpce-") ? object.gatewayId : null, null)
    nat_gateway_id            = try(object.natGatewayId, null)
    egress_only_gateway_id    = try(object.egressOnlyInternetGatewayId, null)
    transit_gateway_id        = try(object.transitGatewayId, null)
    vpc_peering_connection_id = try(object.vpcPeeringConnectionId, null)
    network_interface_id      = try(object.networkInterfaceId, null)
    origin                    = try(object.origin, null)
    state                     = try(object.state, null)
  }
}

resource "aws_route_table_association" {
  summary = "Says which table routes a subnet's, or a gateway's, packets."
  service = "ec2"
  attributes = {
    route_table_id = { type = string, required = true, description = "Table." }
    subnet_id      = { type = string, optional = true, replaces = true, description = "Subnet; or:" }
    gateway_id     = { type = string, optional = true, replaces = true, description = "Internet or virtual private gateway." }

    id = { type = string, computed = true, recompute = ["route_table_id"], description = "rtbassoc-…" }
  }
  validation = {
    condition = (subnet_id == null) != (gateway_id == null)
    message   = "Either subnet_id or gateway_id says what is routed."
  }

  create {
    action = "AssociateRouteTable"
    params = { RouteTableId = route_table_id, SubnetId = subnet_id, GatewayId = gateway_id }
    id     = response.body.associationId
  }
  # It carries no tags: table and subnet (or gateway) are all that there is of it.
  find {
    action = "DescribeRouteTables"
    params = { RouteTableId = [route_table_id] }
    objects = [
      for a in items(try(response.body.routeTableSet[0].associationSet, null)) : a
      if try(a.subnetId, null) == subnet_id && try(a.gatewayId, null) == gateway_id && try(a.main, "false") != "true"
    ]
    key = object.routeTableAssociationId
  }
  read {
    action = "DescribeRouteTables"
    params = { Filter = [{ Name = "association.route-table-association-id", Value = [id] }] }
    object = one([
      for a in flatten([for t in items(response.body.routeTableSet) : items(try(t.associationSet, null))]) : a
      if a.routeTableAssociationId == id
    ])
  }
  update {
    attributes = ["route_table_id"]
    action     = "ReplaceRouteTableAssociation"
    params     = { AssociationId = prior.id, RouteTableId = route_table_id }
    id         = response.body.newAssociationId
  }
  delete {
    action = "DisassociateRouteTable"
    params = { AssociationId = id }
  }

  object = {
    route_table_id = object.routeTableId
    subnet_id      = try(object.subnetId, null)
    gateway_id     = try(object.gatewayId, null)
  }
}
