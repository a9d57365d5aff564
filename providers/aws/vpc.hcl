resource "aws_vpc" {
  summary = "A virtual network."
  service = "ec2"
  use     = ["tags", "ec2_tags", "ec2_arn"]
  attributes = {
    cidr_block           = { type = string, optional = true, computed = true, replaces = true, description = "IPv4 range, such as 10.0.0.0/16." }
    instance_tenancy     = { type = string, default = "default", replaces = prior.instance_tenancy != "dedicated" || planned.instance_tenancy != "default", description = "default or dedicated." }
    enable_dns_support   = { type = bool, default = true, description = "Whether the network has a name server." }
    enable_dns_hostnames = { type = bool, default = false, description = "Whether instances with public addresses get names." }

    assign_generated_ipv6_cidr_block = { type = bool, optional = true, replaces = true, description = "Whether Amazon gives it an IPv6 range." }

    id                        = { type = string, computed = true, description = "vpc-…" }
    arn                       = { type = string, computed = true, description = "Amazon resource name." }
    owner_id                  = { type = string, computed = true, description = "Account." }
    default_network_acl_id    = { type = string, computed = true, description = "Network ACL that subnets have by default." }
    default_route_table_id    = { type = string, computed = true, description = "Route table that was made with the network." }
    default_security_group_id = { type = string, computed = true, description = "Security group that instances have by default." }
    dhcp_options_id           = { type = string, computed = true, description = "DHCP option set." }
    ipv6_association_id       = { type = string, computed = true, description = "Association of the IPv6 range." }
    ipv6_cidr_block           = { type = string, computed = true, description = "IPv6 range." }
    main_route_table_id       = { type = string, computed = true, description = "Route table of subnets that name none." }
  }

  create {
    request {
      action = "CreateVpc"
      params = {
        CidrBlock                   = config.cidr_block
        InstanceTenancy             = instance_tenancy
        AmazonProvidedIpv6CidrBlock = assign_generated_ipv6_cidr_block
        TagSpecification            = [{ ResourceType = "vpc", Tag = tags_made }]
      }
      set = { id = response.body.vpc.vpcId }
    }
    wait {
      action   = "DescribeVpcs"
      params   = { VpcId = [id] }
      accept   = error.code == "InvalidVpcID.NotFound"
      until    = response.body.vpcSet[0].state == "available"
      interval = 0.5
      timeout  = 300
    }
    request {
      action = "ModifyVpcAttribute"
      when   = !enable_dns_support
      params = { VpcId = id, EnableDnsSupport = { Value = false } }
    }
    request {
      action = "ModifyVpcAttribute"
      when   = enable_dns_hostnames
      params = { VpcId = id, EnableDnsHostnames = { Value = true } }
    }
  }
  find {
    action  = "DescribeVpcs"
    params  = { Filter = by_intent }
    objects = items(response.body.vpcSet)
    key     = object.vpcId
    paged   = true
  }
  read {
    request "vpc" {
      action = "DescribeVpcs"
      params = { VpcId = [id] }
    }
    request "dns_support" {
      action = "DescribeVpcAttribute"
      params = { VpcId = id, Attribute = "enableDnsSupport" }
    }
    request "dns_hostnames" {
      action = "DescribeVpcAttribute"
      params = { VpcId = id, Attribute = "enableDnsHostnames" }
    }
    # What was made with the network; asked once.
    request "acls" {
      action = "DescribeNetworkAcls"
      when   = default_network_acl_id == null
      params = { Filter = [{ Name = "vpc-id", Value = [id] }, { Name = "default", Value = ["true"] }] }
    }
    request "groups" {
      action = "DescribeSecurityGroups"
      when   = default_security_group_id == null
      params = { Filter = [{ Name = "vpc-id", Value = [id] }, { Name = "group-name", Value = ["default"] }] }
    }
    request "tables" {
      action = "DescribeRouteTables"
      params = { Filter = [{ Name = "vpc-id", Value = [id] }, { Name = "association.main", Value = ["true"] }] }
    }
    object = answers.vpc.body.vpcSet[0]
  }
  update {
    attributes = ["instance_tenancy"]
    action     = "ModifyVpcTenancy"
    params     = { VpcId = id, InstanceTenancy = "default" }
  }
  # One attribute a request; names need a name server, so that comes on first and goes off last.
  update {
    attributes = ["enable_dns_support", "enable_dns_hostnames"]
    request {
      action = "ModifyVpcAttribute"
      when   = enable_dns_support && !prior.enable_dns_support
      params = { VpcId = id, EnableDnsSupport = { Value = true } }
    }
    request {
      action = "ModifyVpcAttribute"
      when   = enable_dns_hostnames != prior.enable_dns_hostnames
      params = { VpcId = id, EnableDnsHostnames = { Value = enable_dns_hostnames } }
    }
    request {
      action = "ModifyVpcAttribute"
      when   = !enable_dns_support && prior.enable_dns_support
      params = { VpcId = id, EnableDnsSupport = { Value = false } }
    }
  }
  delete {
    action = "DeleteVpc"
    params = { VpcId = id }
  }

  object = {
    cidr_block                = object.cidrBlock
    instance_tenancy          = object.instanceTenancy
    enable_dns_support        = answers.dns_support.body.enableDnsSupport.value
    enable_dns_hostnames      = answers.dns_hostnames.body.enableDnsHostnames.value
    arn                       = "${ec2_arn}:${object.ownerId}:vpc/${id}"
    owner_id                  = object.ownerId
    default_network_acl_id    = try(answers.acls.body.networkAclSet[0].networkAclId, default_network_acl_id)
    default_security_group_id = try(answers.groups.body.securityGroupInfo[0].groupId, default_security_group_id)
    # The main table can become another; the one that was made with the network stays the default.
    default_route_table_id = try(coalesce(default_route_table_id, answers.tables.body.routeTableSet[0].routeTableId), null)
    main_route_table_id    = try(answers.tables.body.routeTableSet[0].routeTableId, null)
    dhcp_options_id        = try(object.dhcpOptionsId, null)
    ipv6_association_id    = try(object.ipv6CidrBlockAssociationSet[0].associationId, null)
    ipv6_cidr_block        = try(object.ipv6CidrBlockAssociationSet[0].ipv6CidrBlock, null)
  }
}

resource "aws_subnet" {
  summary = "A part of a network, in one availability zone."
  service = "ec2"
  use     = ["tags", "ec2_tags"]
  attributes = {
    vpc_id               = { type = string, required = true, replaces = true, description = "Network." }
    cidr_block           = { type = string, optional = true, replaces = true, description = "IPv4 range, within the network's." }
    ipv6_cidr_block      = { type = string, optional = true, replaces = true, description = "IPv6 range of /64, within the network's." }
    availability_zone    = { type = string, optional = true, computed = true, replaces = true, description = "Zone, such as eu-central-1a." }
    availability_zone_id = { type = string, optional = true, computed = true, replaces = true, description = "Zone by its id, such as euc1-az1." }

    map_public_ip_on_launch         = { type = bool, default = false, description = "Whether instances get public addresses." }
    assign_ipv6_address_on_creation = { type = bool, default = false, description = "Whether network interfaces get IPv6 addresses." }

    id       = { type = string, computed = true, description = "subnet-…" }
    arn      = { type = string, computed = true, description = "Amazon resource name." }
    owner_id = { type = string, computed = true, description = "Account." }
  }

  create {
    request {
      action = "CreateSubnet"
      params = {
        VpcId              = vpc_id
        CidrBlock          = cidr_block
        Ipv6CidrBlock      = ipv6_cidr_block
        AvailabilityZone   = config.availability_zone
        AvailabilityZoneId = config.availability_zone_id
        TagSpecification   = [{ ResourceType = "subnet", Tag = tags_made }]
      }
      set = { id = response.body.subnet.subnetId }
    }
    wait {
      action   = "DescribeSubnets"
      params   = { SubnetId = [id] }
      accept   = error.code == "InvalidSubnetID.NotFound"
      until    = response.body.subnetSet[0].state == "available"
      interval = 0.5
      timeout  = 300
    }
    request {
      action = "ModifySubnetAttribute"
      when   = map_public_ip_on_launch
      params = { SubnetId = id, MapPublicIpOnLaunch = { Value = true } }
    }
    request {
      action = "ModifySubnetAttribute"
      when   = assign_ipv6_address_on_creation
      params = { SubnetId = id, AssignIpv6AddressOnCreation = { Value = true } }
    }
  }
  find {
    action  = "DescribeSubnets"
    params  = { Filter = by_intent }
    objects = items(response.body.subnetSet)
    key     = object.subnetId
    paged   = true
  }
  read {
    action = "DescribeSubnets"
    params = { SubnetId = [id] }
    object = response.body.subnetSet[0]
  }
  list {
    action  = "DescribeSubnets"
    objects = items(response.body.subnetSet)
    key     = object.subnetId
    paged   = true
  }
  update {
    attributes = ["map_public_ip_on_launch"]
    action     = "ModifySubnetAttribute"
    params     = { SubnetId = id, MapPublicIpOnLaunch = { Value = map_public_ip_on_launch } }
  }
  update {
    attributes = ["assign_ipv6_address_on_creation"]
    action     = "ModifySubnetAttribute"
    params     = { SubnetId = id, AssignIpv6AddressOnCreation = { Value = assign_ipv6_address_on_creation } }
  }
  delete {
    action = "DeleteSubnet"
    params = { SubnetId = id }
  }

  object = {
    vpc_id               = object.vpcId
    cidr_block           = object.cidrBlock
    ipv6_cidr_block      = try(object.ipv6CidrBlockAssociationSet[0].ipv6CidrBlock, null)
    availability_zone    = object.availabilityZone
    availability_zone_id = try(object.availabilityZoneId, null)

    map_public_ip_on_launch         = object.mapPublicIpOnLaunch
    assign_ipv6_address_on_creation = try(object.assignIpv6AddressOnCreation, false)

    arn      = try(object.subnetArn, null)
    owner_id = object.ownerId
  }
}

resource "aws_internet_gateway" {
  summary = "A network's way to the internet."
  service = "ec2"
  use     = ["tags", "ec2_tags", "ec2_arn"]
  attributes = {
    vpc_id = { type = string, optional = true, computed = true, description = "Network that it is attached to." }

    id       = { type = string, computed = true, description = "igw-…" }
    arn      = { type = string, computed = true, description = "Amazon resource name." }
    owner_id = { type = string, computed = true, description = "Account." }
  }

  create {
    request {
      action = "CreateInternetGateway"
      params = {
        TagSpecification = [{ ResourceType = "internet-gateway", Tag = tags_made }]
      }
      set = { id = response.body.internetGateway.internetGatewayId }
    }
    wait {
      action   = "DescribeInternetGateways"
      params   = { InternetGatewayId = [id] }
      accept   = error.code == "InvalidInternetGatewayID.NotFound"
      until    = length(response.body.internetGatewaySet) == 1
      interval = 0.5
      timeout  = 120
    }
    request {
      action = "AttachInternetGateway"
      when   = config.vpc_id != null
      params = { InternetGatewayId = id, VpcId = vpc_id }
    }
  }
  find {
    action  = "DescribeInternetGateways"
    params  = { Filter = by_intent }
    objects = items(response.body.internetGatewaySet)
    key     = object.internetGatewayId
    paged   = true
  }
  read {
    action = "DescribeInternetGateways"
    params = { InternetGatewayId = [id] }
    object = response.body.internetGatewaySet[0]
  }
  list {
    action  = "DescribeInternetGateways"
    objects = items(response.body.internetGatewaySet)
    key     = object.internetGatewayId
    paged   = true
  }
  update {
    attributes = ["vpc_id"]
    request {
      action = "DetachInternetGateway"
      when   = prior.vpc_id != null
      params = { InternetGatewayId = id, VpcId = prior.vpc_id }
      accept = error.code == "Gateway.NotAttached"
    }
    request {
      action = "AttachInternetGateway"
      when   = vpc_id != null
      params = { InternetGatewayId = id, VpcId = vpc_id }
    }
  }
  delete {
    request {
      action = "DetachInternetGateway"
      when   = vpc_id != null
      params = { InternetGatewayId = id, VpcId = vpc_id }
      accept = contains(["Gateway.NotAttached", "InvalidVpcID.NotFound"], error.code)
    }
    request {
      action = "DeleteInternetGateway"
      params = { InternetGatewayId = id }
    }
  }

  object = {
    vpc_id   = try(object.attachmentSet[0].vpcId, null)
    arn      = "${ec2_arn}:${object.ownerId}:internet-gateway/${id}"
    owner_id = object.ownerId
  }
}
