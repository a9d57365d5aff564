resource "aws_db_subnet_group" {
  summary  = "Subnets that databases may stand in."
  service  = "rds"
  use      = ["tags", "rds_tags"]
  identity = ["name"]
  attributes = {
    name        = { type = string, optional = true, computed = true, replaces = true, normalize = lower(value), description = "Unique in the region, lower case; made up where neither it nor name_prefix is given." }
    name_prefix = { type = string, optional = true, replaces = true, description = "What a name that is made up begins with." }
    description = { type = string, default = "Managed by Terraform", description = "What it is for." }
    subnet_ids  = { type = set(string), required = true, description = "Subnets, in two availability zones at least." }

    id                      = { type = string, computed = true, description = "The name." }
    arn                     = { type = string, computed = true, description = "Amazon resource name." }
    supported_network_types = { type = set(string), computed = true, description = "IPV4, DUAL." }
    vpc_id                  = { type = string, computed = true, description = "Network of the subnets." }
  }
  let = {
    made_up  = "${coalesce(name_prefix, "terraform-")}${substr(intent.id, 0, 20)}"
    tag_list = answers.tags.body.TagList
  }

  create {
    action = "CreateDBSubnetGroup"
    params = {
      DBSubnetGroupName            = lower(config.name != null ? config.name : made_up)
      DBSubnetGroupDescription     = description
      "SubnetIds.SubnetIdentifier" = subnet_ids
      "Tags.Tag"                   = tags_made
    }
    id = response.body.DBSubnetGroup.DBSubnetGroupName
  }
  # One that somebody else has made under this name is not what was begun here: its tags tell.
  find {
    request "group" {
      action = "DescribeDBSubnetGroups"
      params = { DBSubnetGroupName = lower(coalesce(name, made_up)) }
    }
    request "tags" {
      action = "ListTagsForResource"
      params = { ResourceName = answers.group.body.DBSubnetGroups[0].DBSubnetGroupArn }
    }
    objects = [for g in items(answers.group.body.DBSubnetGroups) : g if try(tags_there["ashlar:intent"] == intent.id, false)]
    key     = object.DBSubnetGroupName
  }
  read {
    request "group" {
      action = "DescribeDBSubnetGroups"
      params = { DBSubnetGroupName = id }
    }
    request "tags" {
      action = "ListTagsForResource"
      params = { ResourceName = answers.group.body.DBSubnetGroups[0].DBSubnetGroupArn }
    }
    object = answers.group.body.DBSubnetGroups[0]
  }
  update {
    attributes = ["subnet_ids", "description"]
    action     = "ModifyDBSubnetGroup"
    params = {
      DBSubnetGroupName            = id
      DBSubnetGroupDescription     = description
      "SubnetIds.SubnetIdentifier" = subnet_ids
    }
  }
  delete {
    action = "DeleteDBSubnetGroup"
    params = { DBSubnetGroupName = id }
    # The last database of it may still be going.
    retry {
      when    = error.code == "InvalidDBSubnetGroupStateFault" || response.status == 503 || error.code == "Throttling"
      timeout = 300
    }
  }

  object = {
    name                    = object.DBSubnetGroupName
    description             = object.DBSubnetGroupDescription
    subnet_ids              = [for s in items(object.Subnets) : s.SubnetIdentifier]
    arn                     = object.DBSubnetGroupArn
    supported_network_types = items(try(object.SupportedNetworkTypes, null))
    vpc_id                  = try(object.VpcId, null)
  }
}

resource "aws_db_instance" {
  summary  = "A managed database server."
  service  = "rds"
  use      = ["tags", "rds_tags"]
  identity = ["identifier"]
  guarded  = true
  attributes = {
    identifier              = { type = string, optional = true, computed = true, replaces = true, normalize = lower(value), description = "Unique in the region; made up where neither it nor identifier_prefix is given." }
    identifier_prefix       = { type = string, optional = true, replaces = true, description = "What an identifier that is made up begins with." }
    engine                  = { type = string, optional = true, computed = true, replaces = true, description = "postgres, mysql, mariadb, …" }
    engine_version          = { type = string, optional = true, computed = true, normalize = value, description = "Version, or its first numbers; the newest of them is taken." }
    instance_class          = { type = string, required = true, description = "Size, such as db.t3.micro." }
    allocated_storage       = { type = number, optional = true, computed = true, description = "GiB." }
    max_allocated_storage   = { type = number, default = 0, description = "GiB that the storage grows to by itself; 0: it does not." }
    storage_type            = { type = string, optional = true, computed = true, description = "gp2, gp3, io1, …" }
    iops                    = { type = number, optional = true, computed = true, description = "Operations a second, for the types that have them." }
    storage_encrypted       = { type = bool, default = false, replaces = true, description = "Whether the storage is encrypted." }
    kms_key_id              = { type = string, optional = true, computed = true, replaces = true, description = "Key for that." }
    db_name                 = { type = string, optional = true, computed = true, replaces = true, description = "Database that is made with the server." }
    username                = { type = string, optional = true, computed = true, replaces = true, description = "The first user." }
    password                = { type = string, optional = true, sensitive = true, description = "The first user's password. AWS never tells it: a change elsewhere is not seen." }
    port                    = { type = number, optional = true, computed = true, description = "Port; the engine's where absent." }
    db_subnet_group_name    = { type = string, optional = true, computed = true, replaces = true, description = "Subnets that it may stand in." }
    vpc_security_group_ids  = { type = set(string), optional = true, computed = true, description = "Security groups; the network's default one where absent." }
    availability_zone       = { type = string, optional = true, computed = true, replaces = true, description = "Zone." }
    multi_az                = { type = bool, optional = true, computed = true, description = "Whether a standby is kept in another zone." }
    publicly_accessible     = { type = bool, default = false, description = "Whether it has a public address." }
    parameter_group_name    = { type = string, optional = true, computed = true, description = "Parameter group." }
    option_group_name       = { type = string, optional = true, computed = true, description = "Option group." }
    license_model           = { type = string, optional = true, computed = true, description = "Licence, for the engines that need one." }
    backup_retention_period = { type = number, optional = true, computed = true, description = "Days that backups are kept; 0: none are made." }
    backup_window           = { type = string, optional = true, computed = true, description = "When backups are made, in UTC: 03:00-04:00." }
    maintenance_window      = { type = string, optional = true, computed = true, normalize = lower(value), description = "When it is worked on, in UTC: Mon:04:00-Mon:05:00." }
    apply_immediately       = { type = bool, default = false, description = "Whether changes happen now rather than in the maintenance window." }
    ca_cert_identifier      = { type = string, optional = true, computed = true, description = "Certificate authority." }
    copy_tags_to_snapshot   = { type = bool, default = false, description = "Whether snapshots get its tags." }
    deletion_protection     = { type = bool, default = false, description = "Whether AWS refuses to delete it." }
    snapshot_identifier     = { type = string, optional = true, replaces = true, description = "Snapshot that it starts from." }

    allow_major_version_upgrade         = { type = bool, optional = true, description = "Whether engine_version may go to another major version." }
    auto_minor_version_upgrade          = { type = bool, default = true, description = "Whether it takes minor versions by itself." }
    delete_automated_backups            = { type = bool, default = true, description = "Whether its own backups go with it." }
    skip_final_snapshot                 = { type = bool, default = false, description = "Whether it goes without a last snapshot." }
    final_snapshot_identifier           = { type = string, optional = true, description = "Name of that snapshot." }
    iam_database_authentication_enabled = { type = bool, default = false, description = "Whether IAM users may log in." }
    performance_insights_enabled        = { type = bool, default = false, description = "Whether figures on queries are kept." }
    monitoring_interval                 = { type = number, default = 0, description = "Seconds between figures of the machine; 0: none." }
    monitoring_role_arn                 = { type = string, optional = true, computed = true, description = "Role that may write them." }
    enabled_cloudwatch_logs_exports     = { type = set(string), default = [], description = "Logs that go to CloudWatch." }

    protect = { type = bool, default = false, description = "Whether Ashlar itself refuses to delete it without -unprotect. (Not in the Terraform provider.)" }

    id                    = { type = string, computed = true, description = "The identifier." }
    arn                   = { type = string, computed = true, description = "Amazon resource name." }
    address               = { type = string, computed = true, description = "Host name." }
    endpoint              = { type = string, computed = true, recompute = ["port"], description = "Host name and port." }
    engine_version_actual = { type = string, computed = true, recompute = ["engine_version"], description = "Version that is running." }
    hosted_zone_id        = { type = string, computed = true, description = "Route 53 zone of the host name." }
    resource_id           = { type = string, computed = true, description = "db-…" }
    status                = { type = string, computed = true, description = "available, …" }
  }
  validation = [
    { condition = snapshot_identifier != null || engine != null, message = "engine is needed, unless snapshot_identifier says what to start from." },
    { condition = skip_final_snapshot == true || final_snapshot_identifier != null || skip_final_snapshot == null, message = "Without skip_final_snapshot a final_snapshot_identifier is needed to delete it." },
  ]
  let = {
    made_up    = "${coalesce(identifier_prefix, "terraform-")}${substr(intent.id, 0, 20)}"
    tag_list   = object.TagList
    state      = response.body.DBInstances[0].DBInstanceStatus
    is_up      = contains(["available", "storage-optimization"], state)
    has_failed = contains(["failed", "incompatible-restore", "incompatible-network", "incompatible-parameters", "storage-full", "deleting"], state)
    # What a new one and one from a snapshot are both told.
    settings = {
      DBInstanceIdentifier                     = lower(config.identifier != null ? config.identifier : made_up)
      DBInstanceClass                          = instance_class
      StorageType                              = config.storage_type
      Iops                                     = config.iops
      Port                                     = config.port
      DBSubnetGroupName                        = config.db_subnet_group_name
      "VpcSecurityGroupIds.VpcSecurityGroupId" = config.vpc_security_group_ids
      AvailabilityZone                         = config.availability_zone
      MultiAZ                                  = config.multi_az
      PubliclyAccessible                       = publicly_accessible
      DBParameterGroupName                     = config.parameter_group_name
      OptionGroupName                          = config.option_group_name
      LicenseModel                             = config.license_model
      CopyTagsToSnapshot                       = copy_tags_to_snapshot
      DeletionProtection                       = deletion_protection
      AutoMinorVersionUpgrade                  = auto_minor_version_upgrade
      EnableIAMDatabaseAuthentication          = iam_database_authentication_enabled
      "Tags.Tag"                               = tags_made
    }
  }

  create {
    request {
      action = "CreateDBInstance"
      when   = snapshot_identifier == null
      params = merge(settings, {
        Engine                      = engine
        EngineVersion               = config.engine_version
        AllocatedStorage            = config.allocated_storage
        MaxAllocatedStorage         = max_allocated_storage > 0 ? max_allocated_storage : null
        StorageEncrypted            = storage_encrypted
        KmsKeyId                    = config.kms_key_id
        DBName                      = config.db_name
        MasterUsername              = config.username
        MasterUserPassword          = password
        BackupRetentionPeriod       = config.backup_retention_period
        PreferredBackupWindow       = config.backup_window
        PreferredMaintenanceWindow  = config.maintenance_window
        CACertificateIdentifier     = config.ca_cert_identifier
        EnablePerformanceInsights   = performance_insights_enabled ? true : null
        MonitoringInterval          = monitoring_interval > 0 ? monitoring_interval : null
        MonitoringRoleArn           = config.monitoring_role_arn
        EnableCloudwatchLogsExports = length(enabled_cloudwatch_logs_exports) > 0 ? enabled_cloudwatch_logs_exports : null
      })
      set = { id = response.body.DBInstance.DBInstanceIdentifier }
    }
    request {
      action = "RestoreDBInstanceFromDBSnapshot"
      when   = snapshot_identifier != null
      params = merge(settings, {
        DBSnapshotIdentifier = snapshot_identifier
        Engine               = config.engine
      })
      set = { id = response.body.DBInstance.DBInstanceIdentifier }
    }
    wait {
      action   = "DescribeDBInstances"
      params   = { DBInstanceIdentifier = id }
      accept   = error.code == "DBInstanceNotFound"
      until    = is_up
      fail     = has_failed
      message  = "the database is ${state}"
      interval = 5
      timeout  = 2400
    }
    # A snapshot brings its own password, backups and windows.
    request {
      action = "ModifyDBInstance"
      when   = snapshot_identifier != null && (password != null || config.backup_retention_period != null || config.backup_window != null || config.maintenance_window != null || config.allocated_storage != null)
      params = {
        DBInstanceIdentifier       = id
        ApplyImmediately           = true
        MasterUserPassword         = password
        AllocatedStorage           = config.allocated_storage
        BackupRetentionPeriod      = config.backup_retention_period
        PreferredBackupWindow      = config.backup_window
        PreferredMaintenanceWindow = config.maintenance_window
      }
    }
    wait {
      action   = "DescribeDBInstances"
      when     = snapshot_identifier != null
      params   = { DBInstanceIdentifier = id }
      until    = state == "available" && response.body.DBInstances[0].PendingModifiedValues == null
      interval = 5
      timeout  = 2400
    }
  }
  find {
    action = "DescribeDBInstances"
    params = { DBInstanceIdentifier = lower(identifier != null ? identifier : made_up) }
    # One that somebody else has made under this name is not what was begun here.
    objects = [
      for d in items(response.body.DBInstances) : d
      if anytrue([for t in items(try(d.TagList, null)) : t.Key == "ashlar:intent" && t.Value == intent.id])
    ]
    key = object.DBInstanceIdentifier
  }
  read {
    action = "DescribeDBInstances"
    params = { DBInstanceIdentifier = id }
    object = response.body.DBInstances[0]
  }
  list {
    action  = "DescribeDBInstances"
    objects = items(response.body.DBInstances)
    key     = object.DBInstanceIdentifier
    paged   = true
  }
  # One request for everything that has changed: RDS does one change at a time. What has not changed is not sent.
  update {
    attributes = [
      "engine_version", "instance_class", "allocated_storage", "max_allocated_storage", "storage_type", "iops", "password", "port",
      "vpc_security_group_ids", "multi_az", "publicly_accessible", "parameter_group_name", "option_group_name", "license_model",
      "backup_retention_period", "backup_window", "maintenance_window", "ca_cert_identifier", "copy_tags_to_snapshot",
      "deletion_protection", "auto_minor_version_upgrade", "iam_database_authentication_enabled", "performance_insights_enabled",
      "monitoring_interval", "monitoring_role_arn", "enabled_cloudwatch_logs_exports",
    ]
    request {
      action = "ModifyDBInstance"
      params = {
        DBInstanceIdentifier                     = id
        ApplyImmediately                         = apply_immediately
        AllowMajorVersionUpgrade                 = allow_major_version_upgrade
        EngineVersion                            = engine_version != prior.engine_version ? engine_version : null
        DBInstanceClass                          = instance_class != prior.instance_class ? instance_class : null
        AllocatedStorage                         = allocated_storage != prior.allocated_storage || iops != prior.iops || storage_type != prior.storage_type ? allocated_storage : null
        MaxAllocatedStorage                      = max_allocated_storage != prior.max_allocated_storage ? (max_allocated_storage > 0 ? max_allocated_storage : allocated_storage) : null
        StorageType                              = storage_type != prior.storage_type ? storage_type : null
        Iops                                     = iops != prior.iops || storage_type != prior.storage_type ? iops : null
        MasterUserPassword                       = password != prior.password ? password : null
        DBPortNumber                             = port != prior.port ? port : null
        "VpcSecurityGroupIds.VpcSecurityGroupId" = vpc_security_group_ids != prior.vpc_security_group_ids ? vpc_security_group_ids : null
        MultiAZ                                  = multi_az != prior.multi_az ? multi_az : null
        PubliclyAccessible                       = publicly_accessible != prior.publicly_accessible ? publicly_accessible : null
        DBParameterGroupName                     = parameter_group_name != prior.parameter_group_name ? parameter_group_name : null
        OptionGroupName                          = option_group_name != prior.option_group_name ? option_group_name : null
        LicenseModel                             = license_model != prior.license_model ? license_model : null
        BackupRetentionPeriod                    = backup_retention_period != prior.backup_retention_period ? backup_retention_period : null
        PreferredBackupWindow                    = backup_window != prior.backup_window ? backup_window : null
        PreferredMaintenanceWindow               = maintenance_window != prior.maintenance_window ? maintenance_window : null
        CACertificateIdentifier                  = ca_cert_identifier != prior.ca_cert_identifier ? ca_cert_identifier : null
        CopyTagsToSnapshot                       = copy_tags_to_snapshot != prior.copy_tags_to_snapshot ? copy_tags_to_snapshot : null
        DeletionProtection                       = deletion_protection != prior.deletion_protection ? deletion_protection : null
        AutoMinorVersionUpgrade                  = auto_minor_version_upgrade != prior.auto_minor_version_upgrade ? auto_minor_version_upgrade : null
        EnableIAMDatabaseAuthentication          = iam_database_authentication_enabled != prior.iam_database_authentication_enabled ? iam_database_authentication_enabled : null
        EnablePerformanceInsights                = performance_insights_enabled != prior.performance_insights_enabled ? performance_insights_enabled : null
        MonitoringInterval                       = monitoring_interval != prior.monitoring_interval ? monitoring_interval : null
        MonitoringRoleArn                        = monitoring_role_arn != prior.monitoring_role_arn ? monitoring_role_arn : null
        CloudwatchLogsExportConfiguration = enabled_cloudwatch_logs_exports == prior.enabled_cloudwatch_logs_exports ? null : {
          EnableLogTypes  = setsubtract(enabled_cloudwatch_logs_exports, prior.enabled_cloudwatch_logs_exports)
          DisableLogTypes = setsubtract(prior.enabled_cloudwatch_logs_exports, enabled_cloudwatch_logs_exports)
        }
      }
      # It may be making a backup, or still be busy with what another run asked for.
      retry {
        when    = contains(["InvalidDBInstanceState", "Throttling"], error.code) || response.status == 503
        timeout = 1200
      }
    }
    wait {
      action   = "DescribeDBInstances"
      params   = { DBInstanceIdentifier = id }
      accept   = error.code == "DBInstanceNotFound"
      until    = is_up
      fail     = has_failed
      message  = "the database is ${state}"
      interval = 5
      timeout  = 2400
    }
  }
  # These say only how it is changed or deleted.
  update { attributes = ["apply_immediately", "allow_major_version_upgrade", "skip_final_snapshot", "final_snapshot_identifier", "delete_automated_backups", "protect"] }
  delete {
    request {
      action = "DeleteDBInstance"
      params = {
        DBInstanceIdentifier      = id
        SkipFinalSnapshot         = skip_final_snapshot
        FinalDBSnapshotIdentifier = skip_final_snapshot ? null : final_snapshot_identifier
        DeleteAutomatedBackups    = delete_automated_backups
      }
      # Already going is as good as asked.
      accept = error.code == "InvalidDBInstanceState" && strcontains(error.message, "already being deleted")
      retry {
        when    = contains(["InvalidDBInstanceState", "Throttling"], error.code) && !strcontains(error.message, "eletion protection") || response.status == 503
        timeout = 1200
      }
    }
    wait {
      action   = "DescribeDBInstances"
      params   = { DBInstanceIdentifier = id }
      until    = response.body.DBInstances == null
      interval = 5
      timeout  = 3600
    }
  }

  object = {
    identifier = object.DBInstanceIdentifier
    engine     = object.Engine
    # "16" stays "16" while 16.4 is running.
    engine_version          = try(engine_version == object.EngineVersion || startswith(object.EngineVersion, "${trimsuffix(engine_version, ".")}."), false) ? engine_version : object.EngineVersion
    engine_version_actual   = object.EngineVersion
    instance_class          = object.DBInstanceClass
    allocated_storage       = object.AllocatedStorage
    max_allocated_storage   = try(tonumber(object.MaxAllocatedStorage) > tonumber(object.AllocatedStorage), false) ? object.MaxAllocatedStorage : 0
    storage_type            = try(object.StorageType, null)
    iops                    = try(tonumber(object.Iops), null)
    storage_encrypted       = try(object.StorageEncrypted, false)
    kms_key_id              = try(object.KmsKeyId, null)
    db_name                 = try(object.DBName, null)
    username                = object.MasterUsername
    port                    = try(tonumber(object.Endpoint.Port), tonumber(object.DbInstancePort), null)
    db_subnet_group_name    = try(object.DBSubnetGroup.DBSubnetGroupName, null)
    vpc_security_group_ids  = [for g in items(try(object.VpcSecurityGroups, null)) : g.VpcSecurityGroupId]
    availability_zone       = try(object.AvailabilityZone, null)
    multi_az                = try(object.MultiAZ, false)
    publicly_accessible     = try(object.PubliclyAccessible, false)
    parameter_group_name    = try(object.DBParameterGroups[0].DBParameterGroupName, null)
    option_group_name       = try(object.OptionGroupMemberships[0].OptionGroupName, null)
    license_model           = try(object.LicenseModel, null)
    backup_retention_period = try(tonumber(object.BackupRetentionPeriod), 0)
    backup_window           = try(object.PreferredBackupWindow, null)
    maintenance_window      = try(object.PreferredMaintenanceWindow, null)
    ca_cert_identifier      = try(object.CACertificateIdentifier, null)
    copy_tags_to_snapshot   = try(object.CopyTagsToSnapshot, false)
    deletion_protection     = try(object.DeletionProtection, false)

    auto_minor_version_upgrade          = try(object.AutoMinorVersionUpgrade, true)
    iam_database_authentication_enabled = try(object.IAMDatabaseAuthenticationEnabled, false)
    performance_insights_enabled        = coalesce(try(object.PerformanceInsightsEnabled, null), false)
    monitoring_interval                 = coalesce(try(tonumber(object.MonitoringInterval), null), 0)
    monitoring_role_arn                 = try(object.MonitoringRoleArn, null)
    enabled_cloudwatch_logs_exports     = items(try(object.EnabledCloudwatchLogsExports, null))

    arn            = object.DBInstanceArn
    address        = try(object.Endpoint.Address, null)
    endpoint       = try("${object.Endpoint.Address}:${object.Endpoint.Port}", null)
    hosted_zone_id = try(object.Endpoint.HostedZoneId, null)
    resource_id    = try(object.DbiResourceId, null)
    status         = object.DBInstanceStatus
  }
}
