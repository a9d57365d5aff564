# What is asked and never made.
data "aws_ami" {
  summary = "An image to start instances from."
  service = "ec2"
  use     = ["ec2_arn"]
  attributes = {
    owners             = { type = list(string), optional = true, description = "Whose images: account numbers, self, amazon, aws-marketplace." }
    executable_users   = { type = list(string), optional = true, description = "Who may start it: account numbers, self, all." }
    most_recent        = { type = bool, default = false, description = "Whether the latest of several is taken; otherwise there must be one." }
    name_regex         = { type = string, optional = true, description = "Expression that the name matches, on top of the filters." }
    include_deprecated = { type = bool, default = false, description = "Whether deprecated images are looked at." }

    id                  = { type = string, computed = true, description = "ami-…" }
    image_id            = { type = string, computed = true, description = "The same." }
    arn                 = { type = string, computed = true, description = "Amazon resource name." }
    architecture        = { type = string, computed = true, description = "x86_64, arm64, …" }
    creation_date       = { type = string, computed = true, description = "When it was made." }
    deprecation_time    = { type = string, computed = true, description = "When it is deprecated." }
    description         = { type = string, computed = true, description = "What it is." }
    ena_support         = { type = bool, computed = true, description = "Whether it knows enhanced networking." }
    hypervisor          = { type = string, computed = true, description = "xen, …" }
    image_location      = { type = string, computed = true, description = "Owner and name." }
    image_owner_alias   = { type = string, computed = true, description = "amazon, self or an account number." }
    image_type          = { type = string, computed = true, description = "machine, …" }
    name                = { type = string, computed = true, description = "Name." }
    owner_id            = { type = string, computed = true, description = "Account of the owner." }
    platform            = { type = string, computed = true, description = "windows, or empty." }
    public              = { type = bool, computed = true, description = "Whether everybody may start it." }
    root_device_name    = { type = string, computed = true, description = "Such as /dev/xvda." }
    root_device_type    = { type = string, computed = true, description = "ebs or instance-store." }
    root_snapshot_id    = { type = string, computed = true, description = "Snapshot of the root device." }
    state               = { type = string, computed = true, description = "available, …" }
    tags                = { type = map(string), computed = true, description = "Tags." }
    virtualization_type = { type = string, computed = true, description = "hvm or paravirtual." }
  }
  block "filter" {
    nesting = "set"
    attributes = {
      name   = { type = string, required = true, description = "What is compared, such as name or architecture: the filters of DescribeImages." }
      values = { type = set(string), required = true, description = "Any of these; * and ? stand for anything." }
    }
  }

  let = {
    matching = [for i in items(response.body.imagesSet) : i if name_regex == null || can(regex(name_regex, try(i.name, "")))]
  }

  read {
    wait {
      action = "DescribeImages"
      params = {
        Owner             = owners
        ExecutableBy      = executable_users
        IncludeDeprecated = include_deprecated ? true : null
        Filter            = [for f in items(filter) : { Name = f.name, Value = f.values }]
      }
      until   = length(matching) == 1 || most_recent && length(matching) > 0
      fail    = true
      message = length(items(response.body.imagesSet)) == 0 ? "no image is like that; change the filters, owners or the region" : "there are ${length(items(response.body.imagesSet))} such images, and one is needed: set most_recent, or narrow the filters"
    }
    object = [
      for i in matching : i
      if i.imageId == element(split(" ", element(reverse(sort([for x in matching : "${coalesce(try(x.creationDate, null), "0")} ${x.imageId}"])), 0)), 1)
    ][0]
  }

  object = {
    id                  = object.imageId
    image_id            = object.imageId
    arn                 = "${ec2_arn}::image/${object.imageId}"
    architecture        = try(object.architecture, null)
    creation_date       = try(object.creationDate, null)
    deprecation_time    = try(object.deprecationTime, null)
    description         = try(object.description, null)
    ena_support         = try(object.enaSupport, false)
    hypervisor          = try(object.hypervisor, null)
    image_location      = try(object.imageLocation, null)
    image_owner_alias   = try(object.imageOwnerAlias, null)
    image_type          = try(object.imageType, null)
    name                = try(object.name, null)
    owner_id            = try(object.imageOwnerId, null)
    platform            = try(object.platform, null)
    public              = try(object.isPublic, null)
    root_device_name    = try(object.rootDeviceName, null)
    root_device_type    = try(object.rootDeviceType, null)
    root_snapshot_id    = one([for d in items(try(object.blockDeviceMapping, null)) : try(d.ebs.snapshotId, null) if try(d.deviceName == object.rootDeviceName, false)])
    state               = try(object.imageState, null)
    tags                = { for t in items(try(object.tagSet, null)) : t.key => t.value == null ? "" : t.value }
    virtualization_type = try(object.virtualizationType, null)
  }
}

data "aws_availability_zones" {
  summary = "Availability zones of the region."
  service = "ec2"
  attributes = {
    state                  = { type = string, optional = true, description = "available, information, impaired or unavailable; all of them where absent." }
    all_availability_zones = { type = bool, optional = true, description = "Whether those are listed that the account has not opted in to." }
    exclude_names          = { type = set(string), optional = true, description = "Zones to leave out." }
    exclude_zone_ids       = { type = set(string), optional = true, description = "Zones to leave out, by their ids." }

    id          = { type = string, computed = true, description = "The region." }
    names       = { type = list(string), computed = true, description = "Names, in order." }
    zone_ids    = { type = list(string), computed = true, description = "Their ids, in the same order." }
    group_names = { type = set(string), computed = true, description = "Groups that they belong to." }
  }
  block "filter" {
    nesting = "set"
    attributes = {
      name   = { type = string, required = true, description = "What is compared, such as opt-in-status: the filters of DescribeAvailabilityZones." }
      values = { type = set(string), required = true, description = "Any of these." }
    }
  }

  read {
    action = "DescribeAvailabilityZones"
    params = {
      AllAvailabilityZones = all_availability_zones
      Filter = concat(
        [for f in items(filter) : { Name = f.name, Value = f.values }],
        state == null ? [] : [{ Name = "state", Value = [state] }],
      )
    }
    object = {
      for z in items(response.body.availabilityZoneInfo) : z.zoneName => z
      if !contains(items(exclude_names), z.zoneName) && !contains(items(exclude_zone_ids), try(z.zoneId, ""))
    }
  }

  object = {
    id          = setting.region
    names       = keys(object)
    zone_ids    = [for z in values(object) : try(z.zoneId, null)]
    group_names = distinct([for z in values(object) : z.groupName if try(z.groupName, null) != null])
  }
}

data "aws_caller_identity" {
  summary = "Who Ashlar is to AWS."
  service = "sts"
  attributes = {
    id         = { type = string, computed = true, description = "The account." }
    account_id = { type = string, computed = true, description = "Account number." }
    arn        = { type = string, computed = true, description = "Amazon resource name of the user or role." }
    user_id    = { type = string, computed = true, description = "Id of the user or role." }
  }

  read {
    action = "GetCallerIdentity"
    object = response.body
  }

  object = {
    id         = object.Account
    account_id = object.Account
    arn        = object.Arn
    user_id    = object.UserId
  }
}

data "aws_region" {
  summary = "The region that the provider works in, or another by its name."
  service = "ec2"
  attributes = {
    name = { type = string, optional = true, computed = true, description = "Region; the provider's where absent." }

    id          = { type = string, computed = true, description = "The region." }
    region      = { type = string, computed = true, description = "The region." }
    endpoint    = { type = string, computed = true, description = "Host name of EC2 there." }
    description = { type = string, computed = true, description = "The region." }
  }

  read {
    action = "DescribeRegions"
    params = { RegionName = [coalesce(name, setting.region)], AllRegions = true }
    object = response.body.regionInfo[0]
  }

  object = {
    id          = object.regionName
    name        = object.regionName
    region      = object.regionName
    endpoint    = object.regionEndpoint
    description = object.regionName
  }
}

data "aws_vpc" {
  summary = "A network that is there already."
  service = "ec2"
  use     = ["ec2_arn", "asked"]
  attributes = {
    id         = { type = string, optional = true, computed = true, description = "vpc-…" }
    default    = { type = bool, optional = true, computed = true, description = "true: the account's default network of the region." }
    cidr_block = { type = string, optional = true, computed = true, description = "IPv4 range." }
    state      = { type = string, optional = true, computed = true, description = "pending or available." }
    tags       = { type = map(string), optional = true, computed = true, description = "Tags that it has." }

    arn              = { type = string, computed = true, description = "Amazon resource name." }
    dhcp_options_id  = { type = string, computed = true, description = "DHCP option set." }
    instance_tenancy = { type = string, computed = true, description = "default or dedicated." }
    ipv6_cidr_block  = { type = string, computed = true, description = "IPv6 range." }
    owner_id         = { type = string, computed = true, description = "Account." }
  }
  block "filter" {
    nesting = "set"
    attributes = {
      name   = { type = string, required = true, description = "What is compared: the filters of DescribeVpcs." }
      values = { type = set(string), required = true, description = "Any of these." }
    }
  }

  read {
    wait {
      action = "DescribeVpcs"
      params = {
        VpcId = [id]
        Filter = concat(
          asked,
          default == null ? [] : [{ Name = "is-default", Value = [default] }],
          cidr_block == null ? [] : [{ Name = "cidr", Value = [cidr_block] }],
          state == null ? [] : [{ Name = "state", Value = [state] }],
        )
      }
      until   = length(items(response.body.vpcSet)) == 1
      fail    = true
      message = length(items(response.body.vpcSet)) == 0 ? "no network is like that" : "there are ${length(items(response.body.vpcSet))} such networks, and one is needed: narrow the filters"
    }
    object = response.body.vpcSet[0]
  }

  object = {
    id               = object.vpcId
    default          = try(object.isDefault, false)
    cidr_block       = object.cidrBlock
    state            = object.state
    tags             = { for t in items(try(object.tagSet, null)) : t.key => t.value == null ? "" : t.value }
    arn              = "${ec2_arn}:${object.ownerId}:vpc/${object.vpcId}"
    dhcp_options_id  = try(object.dhcpOptionsId, null)
    instance_tenancy = try(object.instanceTenancy, null)
    ipv6_cidr_block  = try(object.ipv6CidrBlockAssociationSet[0].ipv6CidrBlock, null)
    owner_id         = object.ownerId
  }
}

data "aws_subnets" {
  summary = "Ids of subnets that are there already."
  service = "ec2"
  use     = ["asked"]
  attributes = {
    tags = { type = map(string), optional = true, description = "Tags that they have." }

    id  = { type = string, computed = true, description = "The region." }
    ids = { type = list(string), computed = true, description = "subnet-…, in order." }
  }
  block "filter" {
    nesting = "set"
    attributes = {
      name   = { type = string, required = true, description = "What is compared, such as vpc-id: the filters of DescribeSubnets." }
      values = { type = set(string), required = true, description = "Any of these." }
    }
  }

  read {
    action = "DescribeSubnets"
    params = { Filter = asked }
    object = { subnets = items(response.body.subnetSet) }
  }

  object = {
    id  = setting.region
    ids = sort([for s in object.subnets : s.subnetId])
  }
}

data "aws_subnet" {
  summary = "A subnet that is there already."
  service = "ec2"
  use     = ["asked"]
  attributes = {
    id                = { type = string, optional = true, computed = true, description = "subnet-…" }
    vpc_id            = { type = string, optional = true, computed = true, description = "Its network." }
    cidr_block        = { type = string, optional = true, computed = true, description = "IPv4 range." }
    availability_zone = { type = string, optional = true, computed = true, description = "Zone." }
    default_for_az    = { type = bool, optional = true, computed = true, description = "Whether it is the zone's default one." }
    state             = { type = string, optional = true, computed = true, description = "pending or available." }
    tags              = { type = map(string), optional = true, computed = true, description = "Tags that it has." }

    arn                        = { type = string, computed = true, description = "Amazon resource name." }
    availability_zone_id       = { type = string, computed = true, description = "The zone's id." }
    available_ip_address_count = { type = number, computed = true, description = "Addresses that are free." }
    ipv6_cidr_block            = { type = string, computed = true, description = "IPv6 range." }
    map_public_ip_on_launch    = { type = bool, computed = true, description = "Whether instances get a public address." }
    owner_id                   = { type = string, computed = true, description = "Account." }
  }
  block "filter" {
    nesting = "set"
    attributes = {
      name   = { type = string, required = true, description = "What is compared: the filters of DescribeSubnets." }
      values = { type = set(string), required = true, description = "Any of these." }
    }
  }

  read {
    wait {
      action = "DescribeSubnets"
      params = {
        SubnetId = [for i in [id] : i if i != null]
        Filter = concat(
          asked,
          vpc_id == null ? [] : [{ Name = "vpc-id", Value = [vpc_id] }],
          cidr_block == null ? [] : [{ Name = "cidr-block", Value = [cidr_block] }],
          availability_zone == null ? [] : [{ Name = "availability-zone", Value = [availability_zone] }],
          default_for_az == null ? [] : [{ Name = "default-for-az", Value = [default_for_az] }],
          state == null ? [] : [{ Name = "state", Value = [state] }],
        )
      }
      until   = length(items(response.body.subnetSet)) == 1
      fail    = true
      message = length(items(response.body.subnetSet)) == 0 ? "no subnet is like that" : "there are ${length(items(response.body.subnetSet))} such subnets, and one is needed: narrow the filters"
    }
    object = response.body.subnetSet[0]
  }

  object = {
    id                         = object.subnetId
    vpc_id                     = object.vpcId
    cidr_block                 = object.cidrBlock
    availability_zone          = object.availabilityZone
    default_for_az             = try(object.defaultForAz, false)
    state                      = object.state
    tags                       = { for t in items(try(object.tagSet, null)) : t.key => t.value == null ? "" : t.value }
    arn                        = try(object.subnetArn, null)
    availability_zone_id       = try(object.availabilityZoneId, null)
    available_ip_address_count = try(tonumber(object.availableIpAddressCount), null)
    ipv6_cidr_block            = try(object.ipv6CidrBlockAssociationSet[0].ipv6CidrBlock, null)
    map_public_ip_on_launch    = try(object.mapPublicIpOnLaunch, false)
    owner_id                   = try(object.ownerId, null)
  }
}

data "aws_security_group" {
  summary = "A security group that is there already."
  service = "ec2"
  use     = ["ec2_arn", "asked"]
  attributes = {
    id     = { type = string, optional = true, computed = true, description = "sg-…" }
    name   = { type = string, optional = true, computed = true, description = "Name; \"default\" is the one that its network came with." }
    vpc_id = { type = string, optional = true, computed = true, description = "Its network." }
    tags   = { type = map(string), optional = true, computed = true, description = "Tags that it has." }

    arn         = { type = string, computed = true, description = "Amazon resource name." }
    description = { type = string, computed = true, description = "What it is for." }
  }
  block "filter" {
    nesting = "set"
    attributes = {
      name   = { type = string, required = true, description = "What is compared: the filters of DescribeSecurityGroups." }
      values = { type = set(string), required = true, description = "Any of these." }
    }
  }

  read {
    wait {
      action = "DescribeSecurityGroups"
      params = {
        GroupId = [for i in [id] : i if i != null]
        Filter = concat(
          asked,
          name == null ? [] : [{ Name = "group-name", Value = [name] }],
          vpc_id == null ? [] : [{ Name = "vpc-id", Value = [vpc_id] }],
        )
      }
      until   = length(items(response.body.securityGroupInfo)) == 1
      fail    = true
      message = length(items(response.body.securityGroupInfo)) == 0 ? "no security group is like that" : "there are ${length(items(response.body.securityGroupInfo))} such groups, and one is needed: narrow the filters"
    }
    object = response.body.securityGroupInfo[0]
  }

  object = {
    id          = object.groupId
    name        = object.groupName
    vpc_id      = try(object.vpcId, null)
    tags        = { for t in items(try(object.tagSet, null)) : t.key => t.value == null ? "" : t.value }
    arn         = try(object.securityGroupArn, "${ec2_arn}:${object.ownerId}:security-group/${object.groupId}")
    description = try(object.groupDescription, null)
  }
}

# What a configuration says of the one that it means, as EC2's filters.
mixin "asked" {
  needs = ["filter", "tags"]
  let = {
    asked = concat(
      [for f in items(filter) : { Name = f.name, Value = f.values }],
      [for k, v in tags == null ? {} : tags : { Name = "tag:${k}", Value = [v] }],
    )
  }
}
