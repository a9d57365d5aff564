resource "aws_key_pair" {
  summary  = "A public key that instances let in."
  service  = "ec2"
  use      = ["tags", "ec2_tags", "ec2_arn"]
  let      = { tagged = key_pair_id }
  identity = ["key_name"]
  attributes = {
    key_name        = { type = string, optional = true, computed = true, replaces = true, description = "Unique in the region; made up where neither it nor key_name_prefix is given." }
    key_name_prefix = { type = string, optional = true, replaces = true, description = "What a name that is made up begins with." }
    public_key      = { type = string, required = true, replaces = true, normalize = trimspace(value), description = "OpenSSH public key." }

    id          = { type = string, computed = true, description = "The name." }
    arn         = { type = string, computed = true, description = "Amazon resource name." }
    fingerprint = { type = string, computed = true, description = "As EC2 shows it." }
    key_pair_id = { type = string, computed = true, description = "key-…" }
    key_type    = { type = string, computed = true, description = "rsa or ed25519." }
  }

  create {
    action = "ImportKeyPair"
    params = {
      KeyName           = config.key_name != null ? config.key_name : "${coalesce(key_name_prefix, "terraform-")}${substr(intent.id, 0, 20)}"
      PublicKeyMaterial = base64encode(trimspace(public_key))
      TagSpecification  = [{ ResourceType = "key-pair", Tag = tags_made }]
    }
    id = response.body.keyName
  }
  find {
    action  = "DescribeKeyPairs"
    params  = { Filter = by_intent }
    objects = items(response.body.keySet)
    key     = object.keyName
  }
  read {
    action = "DescribeKeyPairs"
    params = { KeyName = [id] }
    object = response.body.keySet[0]
  }
  delete {
    action = "DeleteKeyPair"
    params = { KeyName = id }
  }

  # EC2 gives the key itself only without its comment: it stays as recorded, and the fingerprint tells whether it is that key.
  object = {
    key_name    = object.keyName
    arn         = "${ec2_arn}:${try(object.ownerId, "")}:key-pair/${object.keyName}"
    fingerprint = object.keyFingerprint
    key_pair_id = try(object.keyPairId, null)
    key_type    = try(object.keyType, null)
  }
}

resource "aws_instance" {
  summary   = "A virtual server. What hosts on it hold goes with it."
  service   = "ec2"
  use       = ["tags", "ec2_tags", "ec2_arn"]
  container = true
  attributes = {
    ami                         = { type = string, required = true, replaces = true, description = "Image that it starts from." }
    instance_type               = { type = string, required = true, description = "Size, such as t3.micro; a change stops and starts it." }
    subnet_id                   = { type = string, optional = true, computed = true, replaces = true, description = "Subnet; one of the default network's where absent." }
    vpc_security_group_ids      = { type = set(string), optional = true, computed = true, description = "Security groups; the network's default one where absent." }
    key_name                    = { type = string, optional = true, computed = true, replaces = true, description = "Key pair that it lets in." }
    availability_zone           = { type = string, optional = true, computed = true, replaces = true, description = "Zone; follows from the subnet." }
    tenancy                     = { type = string, optional = true, computed = true, replaces = true, description = "default, dedicated or host." }
    associate_public_ip_address = { type = bool, optional = true, computed = true, replaces = true, description = "Whether it gets a public address; as the subnet says where absent." }
    private_ip                  = { type = string, optional = true, computed = true, replaces = true, description = "Address within the subnet." }
    iam_instance_profile        = { type = string, optional = true, replaces = true, description = "Name of the role's instance profile." }
    ebs_optimized               = { type = bool, optional = true, computed = true, description = "Whether volumes have bandwidth of their own." }
    monitoring                  = { type = bool, default = false, description = "Whether figures are taken each minute." }
    source_dest_check           = { type = bool, default = true, description = "Whether only packets of its own address pass; false for routers." }
    disable_api_termination     = { type = bool, default = false, description = "Whether EC2 refuses to terminate it." }
    user_data                   = { type = string, optional = true, replaces = user_data_replace_on_change, description = "Given to cloud-init at the first start." }
    user_data_base64            = { type = string, optional = true, replaces = user_data_replace_on_change, description = "The same, in base64, for what is no text." }
    user_data_replace_on_change = { type = bool, default = false, description = "Whether a change of it makes another instance; otherwise it is stopped and started." }

    instance_initiated_shutdown_behavior = { type = string, default = "stop", description = "stop or terminate: what its own shutdown does." }

    id                           = { type = string, computed = true, description = "i-…" }
    arn                          = { type = string, computed = true, description = "Amazon resource name." }
    instance_state               = { type = string, computed = true, description = "running, stopped, …" }
    primary_network_interface_id = { type = string, computed = true, description = "Its first network interface." }
    private_dns                  = { type = string, computed = true, description = "Name within the network." }
    public_dns                   = { type = string, computed = true, recompute = ["instance_type", "user_data", "user_data_base64", "ebs_optimized"], description = "Public name." }
    public_ip                    = { type = string, computed = true, recompute = ["instance_type", "user_data", "user_data_base64", "ebs_optimized"], description = "Public address; another one after each stop." }
  }
  validation = [
    { condition = user_data == null || user_data_base64 == null, message = "Give user_data or user_data_base64, not both." },
  ]

  block "root_block_device" {
    nesting  = "list"
    maximum  = 1
    computed = true
    attributes = {
      volume_size           = { type = number, optional = true, computed = true, description = "GiB; the image's where absent. It can only grow." }
      volume_type           = { type = string, optional = true, computed = true, description = "gp3, gp2, io2, …; the image's where absent." }
      iops                  = { type = number, optional = true, computed = true, description = "Operations a second, for the types that have them." }
      throughput            = { type = number, optional = true, computed = true, description = "MiB a second, for gp3." }
      encrypted             = { type = bool, optional = true, computed = true, description = "Whether it is encrypted; only when it is made." }
      kms_key_id            = { type = string, optional = true, computed = true, description = "Key for that; only when it is made." }
      delete_on_termination = { type = bool, default = true, description = "Whether it goes with the instance." }
      volume_id             = { type = string, computed = true, description = "vol-…" }
      device_name           = { type = string, computed = true, description = "Such as /dev/xvda." }
    }
  }
  block "metadata_options" {
    nesting  = "list"
    maximum  = 1
    computed = true
    attributes = {
      http_endpoint               = { type = string, default = "enabled", description = "enabled or disabled." }
      http_tokens                 = { type = string, optional = true, computed = true, description = "required (version 2 alone) or optional." }
      http_put_response_hop_limit = { type = number, optional = true, computed = true, description = "1 to 64." }
      http_protocol_ipv6          = { type = string, default = "disabled", description = "enabled or disabled." }
      instance_metadata_tags      = { type = string, optional = true, computed = true, description = "enabled or disabled." }
    }
  }

  let = {
    # Of a page of the list.
    living = flatten([
      for r in items(answers.instances.body.reservationSet) : [
        for i in items(r.instancesSet) : merge(i, { ownerId = r.ownerId }) if !contains(["terminated", "shutting-down"], i.instanceState.name)
      ]
    ])
  }

  create {
    # The root volume's settings go with the name that the image gives it.
    request "image" {
      action = "DescribeImages"
      when   = length(items(config.root_block_device)) > 0
      params = { ImageId = [ami] }
    }
    request {
      action     = "RunInstances"
      repeatable = true
      params = {
        ClientToken  = intent.id
        ImageId      = ami
        InstanceType = instance_type
        MinCount     = 1
        MaxCount     = 1
        KeyName      = config.key_name
        UserData     = user_data_base64 != null ? user_data_base64 : user_data != null ? base64encode(user_data) : null
        EbsOptimized = config.ebs_optimized
        Monitoring   = { Enabled = monitoring }
        Placement    = { AvailabilityZone = config.availability_zone, Tenancy = config.tenancy }

        # With a wish for a public address the interface must be described, and takes what else is its own.
        SubnetId         = config.associate_public_ip_address == null ? config.subnet_id : null
        SecurityGroupId  = config.associate_public_ip_address == null ? config.vpc_security_group_ids : null
        PrivateIpAddress = config.associate_public_ip_address == null ? config.private_ip : null
        NetworkInterface = config.associate_public_ip_address == null ? null : [{
          DeviceIndex              = 0
          AssociatePublicIpAddress = config.associate_public_ip_address
          DeleteOnTermination      = true
          SubnetId                 = config.subnet_id
          SecurityGroupId          = config.vpc_security_group_ids
          PrivateIpAddress         = config.private_ip
        }]

        IamInstanceProfile = iam_instance_profile == null ? null : { Name = iam_instance_profile }
        BlockDeviceMapping = [
          for d in items(config.root_block_device) : {
            DeviceName = response.body.imagesSet[0].rootDeviceName
            Ebs = {
              VolumeSize          = d.volume_size
              VolumeType          = d.volume_type
              Iops                = d.iops
              Throughput          = d.throughput
              Encrypted           = d.encrypted
              KmsKeyId            = d.kms_key_id
              DeleteOnTermination = try(root_block_device[0].delete_on_termination, true)
            }
          }
        ]
        MetadataOptions = one([
          for o in items(config.metadata_options) : {
            HttpEndpoint            = o.http_endpoint
            HttpTokens              = o.http_tokens
            HttpPutResponseHopLimit = o.http_put_response_hop_limit
            HttpProtocolIpv6        = o.http_protocol_ipv6
            InstanceMetadataTags    = o.instance_metadata_tags
          }
        ])
        DisableApiTermination             = disable_api_termination
        InstanceInitiatedShutdownBehavior = instance_initiated_shutdown_behavior
        TagSpecification                  = [{ ResourceType = "instance", Tag = tags_made }]
      }
      # A role's instance profile is known everywhere only a few seconds after it was made.
      retry {
        when    = error.code == "InvalidParameterValue" && strcontains(error.message, "iamInstanceProfile") || response.status == 503 || error.code == "RequestLimitExceeded"
        timeout = 120
      }
      set = { id = response.body.instancesSet[0].instanceId }
    }
    wait {
      action   = "DescribeInstances"
      params   = { InstanceId = [id] }
      accept   = error.code == "InvalidInstanceID.NotFound"
      until    = response.body.reservationSet[0].instancesSet[0].instanceState.name == "running"
      fail     = contains(["terminated", "shutting-down", "stopped"], response.body.reservationSet[0].instancesSet[0].instanceState.name)
      message  = try(response.body.reservationSet[0].instancesSet[0].stateReason.message, "the instance did not start")
      interval = 1
      timeout  = 600
    }
    request {
      action = "ModifyInstanceAttribute"
      when   = !source_dest_check
      params = { InstanceId = id, SourceDestCheck = { Value = false } }
    }
  }
  find {
    action = "DescribeInstances"
    params = { Filter = [
      { Name = "tag:ashlar:intent", Value = [intent.id] },
      { Name = "instance-state-name", Value = ["pending", "running", "stopping", "stopped"] },
    ] }
    objects = flatten([for r in items(response.body.reservationSet) : items(r.instancesSet)])
    key     = object.instanceId
    paged   = true
  }
  read {
    request "instance" {
      action = "DescribeInstances"
      params = { InstanceId = [id] }
    }
    request "volumes" {
      action = "DescribeVolumes"
      params = { Filter = [{ Name = "attachment.instance-id", Value = [id] }] }
    }
    gone   = contains(["terminated", "shutting-down"], try(answers.instance.body.reservationSet[0].instancesSet[0].instanceState.name, "terminated"))
    object = merge(answers.instance.body.reservationSet[0].instancesSet[0], { ownerId = answers.instance.body.reservationSet[0].ownerId })
  }
  # A filter takes 200 values. What has been terminated is still listed for an hour, and for itself said to be gone.
  list {
    request "instances" {
      action = "DescribeInstances"
      params = { MaxResults = 100 }
    }
    request "volumes" {
      action = "DescribeVolumes"
      when   = length(living) > 0
      params = { Filter = [{ Name = "attachment.instance-id", Value = living[*].instanceId }] }
    }
    objects = living
    key     = object.instanceId
    paged   = true
  }

  # What can only change while it stands still.
  update {
    attributes = ["instance_type", "user_data", "user_data_base64", "ebs_optimized"]
    request {
      action = "StopInstances"
      params = { InstanceId = [id] }
    }
    wait {
      action   = "DescribeInstances"
      params   = { InstanceId = [id] }
      until    = response.body.reservationSet[0].instancesSet[0].instanceState.name == "stopped"
      fail     = response.body.reservationSet[0].instancesSet[0].instanceState.name == "terminated"
      message  = "the instance is gone"
      interval = 1
      timeout  = 600
    }
    request {
      action = "ModifyInstanceAttribute"
      when   = instance_type != prior.instance_type
      params = { InstanceId = id, InstanceType = { Value = instance_type } }
    }
    request {
      action = "ModifyInstanceAttribute"
      when   = user_data != prior.user_data || user_data_base64 != prior.user_data_base64
      params = { InstanceId = id, Attribute = "userData", Value = user_data_base64 != null ? user_data_base64 : base64encode(user_data == null ? "" : user_data) }
    }
    request {
      action = "ModifyInstanceAttribute"
      when   = ebs_optimized != prior.ebs_optimized
      params = { InstanceId = id, EbsOptimized = { Value = ebs_optimized } }
    }
    request {
      action = "StartInstances"
      params = { InstanceId = [id] }
    }
    wait {
      action   = "DescribeInstances"
      params   = { InstanceId = [id] }
      until    = response.body.reservationSet[0].instancesSet[0].instanceState.name == "running"
      fail     = response.body.reservationSet[0].instancesSet[0].instanceState.name == "terminated"
      message  = "the instance is gone"
      interval = 1
      timeout  = 600
    }
  }
  update {
    attributes = ["vpc_security_group_ids"]
    action     = "ModifyInstanceAttribute"
    params     = { InstanceId = id, GroupId = vpc_security_group_ids }
  }
  update {
    attributes = ["source_dest_check"]
    action     = "ModifyInstanceAttribute"
    params     = { InstanceId = id, SourceDestCheck = { Value = source_dest_check } }
  }
  update {
    attributes = ["disable_api_termination"]
    action     = "ModifyInstanceAttribute"
    params     = { InstanceId = id, DisableApiTermination = { Value = disable_api_termination } }
  }
  update {
    attributes = ["instance_initiated_shutdown_behavior"]
    action     = "ModifyInstanceAttribute"
    params     = { InstanceId = id, InstanceInitiatedShutdownBehavior = { Value = instance_initiated_shutdown_behavior } }
  }
  update {
    attributes = ["monitoring"]
    action     = monitoring ? "MonitorInstances" : "UnmonitorInstances"
    params     = { InstanceId = [id] }
  }
  update { attributes = ["user_data_replace_on_change"] }
  update {
    attributes = ["root_block_device"]
    request {
      action   = "ModifyVolume"
      for_each = [for d in items(root_block_device) : d if d.volume_size != prior.root_block_device[0].volume_size || d.volume_type != prior.root_block_device[0].volume_type || d.iops != prior.root_block_device[0].iops || d.throughput != prior.root_block_device[0].throughput]
      params = {
        VolumeId   = prior.root_block_device[0].volume_id
        Size       = each.value.volume_size
        VolumeType = each.value.volume_type
        Iops       = each.value.iops
        Throughput = each.value.throughput
      }
    }
    request {
      action   = "ModifyInstanceAttribute"
      for_each = [for d in items(root_block_device) : d if d.delete_on_termination != prior.root_block_device[0].delete_on_termination]
      params = {
        InstanceId         = id
        BlockDeviceMapping = [{ DeviceName = prior.root_block_device[0].device_name, Ebs = { DeleteOnTermination = each.value.delete_on_termination } }]
      }
    }
  }
  update {
    attributes = ["metadata_options"]
    request {
      action   = "ModifyInstanceMetadataOptions"
      for_each = items(metadata_options)
      params = {
        InstanceId              = id
        HttpEndpoint            = each.value.http_endpoint
        HttpTokens              = each.value.http_tokens
        HttpPutResponseHopLimit = each.value.http_put_response_hop_limit
        HttpProtocolIpv6        = each.value.http_protocol_ipv6
        InstanceMetadataTags    = each.value.instance_metadata_tags
      }
    }
  }
  delete {
    request {
      action = "TerminateInstances"
      params = { InstanceId = [id] }
    }
    # Its addresses and groups are free only when it is quite gone.
    wait {
      action   = "DescribeInstances"
      params   = { InstanceId = [id] }
      until    = response.body.reservationSet[0].instancesSet[0].instanceState.name == "terminated"
      interval = 1
      timeout  = 1200
    }
  }

  # What EC2 tells only by further requests stays as recorded: user data, protection, shutdown behaviour.
  object = {
    ami                          = object.imageId
    instance_type                = object.instanceType
    subnet_id                    = try(object.subnetId, null)
    vpc_security_group_ids       = [for g in items(try(object.networkInterfaceSet[0].groupSet, object.groupSet, null)) : g.groupId]
    key_name                     = try(object.keyName, null)
    availability_zone            = object.placement.availabilityZone
    tenancy                      = try(object.placement.tenancy, null)
    associate_public_ip_address  = associate_public_ip_address != null ? associate_public_ip_address : can(object.networkInterfaceSet[0].association.publicIp)
    private_ip                   = try(object.privateIpAddress, null)
    iam_instance_profile         = try(element(split("/", object.iamInstanceProfile.arn), -1), null)
    ebs_optimized                = try(object.ebsOptimized, false)
    monitoring                   = contains(["enabled", "pending"], try(object.monitoring.state, "disabled"))
    source_dest_check            = try(object.sourceDestCheck, true)
    arn                          = "${ec2_arn}:${object.ownerId}:instance/${id}"
    instance_state               = object.instanceState.name
    primary_network_interface_id = try(object.networkInterfaceSet[0].networkInterfaceId, null)
    private_dns                  = try(object.privateDnsName, null)
    public_dns                   = try(object.dnsName, null)
    public_ip                    = try(object.ipAddress, null)
    root_block_device = [
      for v in items(answers.volumes.body.volumeSet) : {
        volume_size           = v.size
        volume_type           = try(v.volumeType, null)
        iops                  = try(tonumber(v.iops), null)
        throughput            = try(tonumber(v.throughput), null)
        encrypted             = try(v.encrypted, false)
        kms_key_id            = try(v.kmsKeyId, null)
        delete_on_termination = try(v.attachmentSet[0].deleteOnTermination, true)
        volume_id             = v.volumeId
        device_name           = try(v.attachmentSet[0].device, null)
      } if try(v.attachmentSet[0].device == object.rootDeviceName && v.attachmentSet[0].instanceId == id, false)
    ]
    metadata_options = [
      for o in items(try(object.metadataOptions, null)) : {
        http_endpoint               = try(o.httpEndpoint, "enabled")
        http_tokens                 = try(o.httpTokens, null)
        http_put_response_hop_limit = try(tonumber(o.httpPutResponseHopLimit), null)
        http_protocol_ipv6          = try(o.httpProtocolIpv6, "disabled")
        instance_metadata_tags      = try(o.instanceMetadataTags, null)
      } if can(o.httpEndpoint)
    ]
  }
}
