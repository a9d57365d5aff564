resource "lxd_instance" {
  summary   = "A container or a virtual machine. What hosts on it hold goes with it."
  identity  = ["project", "name"]
  container = true
  # [PROJECT/]NAME
  import = {
    project = strcontains(import_id, "/") ? split("/", import_id)[0] : setting.project
    name    = regex("([^/]+)$", import_id)[0]
  }

  attributes = {
    name        = { type = string, required = true, replaces = true, description = "Name, and host name: letters, digits and dashes.",
    validation = { condition = can(regex("^[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$", value)), message = "An instance's name has letters, digits and dashes, begins with a letter and has at most 63 characters: ${value}" } }
    description = { type = string, default = "", description = "Free text." }
    type        = { type = string, default = "container", replaces = true, description = "container or virtual-machine.",
    validation = { condition = contains(["container", "virtual-machine"], value), message = "A type is container or virtual-machine." } }
    image       = { type = string, required = true, replaces = true, description = "What it is made from: alias or fingerprint of an image there, or ubuntu:ALIAS, ubuntu-daily:ALIAS or images:ALIAS from the public servers." }
    ephemeral   = { type = bool, default = false, replaces = true, description = "Whether it is deleted when it stops." }
    running     = { type = bool, default = true, description = "Whether it runs." }
    profiles    = { type = list(string), default = ["default"], description = "Profiles, later ones before earlier ones." }
    limits      = { type = map(string), optional = true, description = "Limits without their prefix: cpu = \"2\", memory = \"1GiB\"." }
    config      = { type = map(string), optional = true, description = "Configuration, such as user.user-data or security.nesting." }
    project     = { type = string, default = setting.project, replaces = true, description = "Project." }

    wait_for_network  = { type = bool, default = true, description = "Whether it is waited for an address, where it runs and has a network device." }
    wait_for_host_key = { type = bool, default = false, description = "Whether it is waited for the SSH host key, which some images make when they first start." }

    id           = { type = string, computed = true, description = "Names this very instance: another one of the same name has another." }
    status       = { type = string, computed = true, recompute = ["running"], description = "Running, Stopped, Frozen or Error." }
    ipv4_address = { type = string, computed = true, recompute = ["running", "profiles"], description = "First global IPv4 address: that of eth0, or else of the first interface that has one." }
    ipv6_address = { type = string, computed = true, recompute = ["running", "profiles"], description = "First global IPv6 address." }
    mac_address  = { type = string, computed = true, recompute = ["running", "profiles"], description = "Hardware address of the interface." }
    host_key     = { type = string, computed = true, description = "SSH host key (Ed25519) as it lies on the instance: what a host resource pins." }
    location     = { type = string, computed = true, description = "Member of the cluster that it is on; none without a cluster." }
  }
  block "device" {
    nesting = "set"
    attributes = {
      name       = { type = string, required = true, description = "Name of the device." }
      type       = { type = string, required = true, description = "Sort of device, such as nic or disk." }
      properties = { type = map(string), required = true, description = "Its properties, such as network, pool, path." }
    }
  }
  validation = [
    { condition = alltrue([for k, v in config.config == null ? {} : config.config : !startswith(k, "volatile.") && !startswith(k, "image.") && k != "user.ashlar-intent"]),
    message = "config does not set what LXD and Ashlar keep for themselves: volatile.*, image.* and user.ashlar-intent." },
    { condition = alltrue([for k, v in limits == null ? {} : limits : !can(config.config["limits.${k}"])]),
    message = "A limit stands in limits or in config, not in both." },
  ]

  let = {
    limits_sent  = { for k, v in limits == null ? {} : limits : "limits.${k}" => v }
    devices_sent = { for d in device : d.name => merge(d.properties, { type = d.type }) }
    # Of an operation; one that is over may be forgotten.
    is_done    = response.status == 404 || try(response.body.metadata.status_code == 200, false)
    has_failed = response.body.metadata.status_code >= 400
    why        = response.body.metadata.err
  }

  read {
    request "instance" {
      get   = "/1.0/instances/${name}"
      query = { project = project }
      # Another one of the same name is not this one.
      gone { when = response.status == 404 || (id != null && try(response.body.metadata.config["volatile.uuid"] != id, false)) }
    }
    request "state" {
      get   = "/1.0/instances/${name}/state"
      query = { project = project }
    }
    # Not there: an image without SSH, or a virtual machine without an agent.
    request "key" {
      when   = host_key == null
      get    = "/1.0/instances/${name}/files"
      query  = { project = project, path = "/etc/ssh/ssh_host_ed25519_key.pub" }
      accept = contains([400, 404, 500], response.status)
    }
    object = merge(answers.instance.body.metadata, {
      key = try(join(" ", regex("^(ssh-[a-z0-9-]+) ([A-Za-z0-9+/=]+)", answers.key.body)), null)
      # Those of a machine that stands still are null.
      interfaces = try([
        for name in sort([for n, i in answers.state.body.metadata.network : n == "eth0" ? "0" : "1${n}" if n != "lo"]) :
        answers.state.body.metadata.network[name == "0" ? "eth0" : substr(name, 1, -1)]
      ], [])
    })
  }
  find {
    get    = "/1.0/instances/${name}"
    query  = { project = project }
    object = response.body.metadata.config["user.ashlar-intent"] == intent.id ? response.body.metadata : null
    key    = object.config["volatile.uuid"]
  }
  object = {
    description = object.description
    type        = object.type
    ephemeral   = object.ephemeral
    running     = object.status == "Running"
    status      = object.status
    profiles    = object.profiles
    location    = object.location
    limits = limits == null && length([for k, v in object.config : k if startswith(k, "limits.") && !can(config[k])]) == 0 ? null : {
      for k, v in object.config : trimprefix(k, "limits.") => v if startswith(k, "limits.") && !can(config[k])
    }
    config = config == null && length([for k, v in object.config : k if !startswith(k, "limits.") && !startswith(k, "volatile.") && !startswith(k, "image.") && k != "user.ashlar-intent"]) == 0 ? null : {
      for k, v in object.config : k => v if can(config[k]) || !startswith(k, "limits.") && !startswith(k, "volatile.") && !startswith(k, "image.") && k != "user.ashlar-intent"
    }
    device = [for n, d in object.devices : { name = n, type = d.type, properties = { for k, v in d : k => v if k != "type" } }]
    # A stopped machine has none; the one it had stays recorded.
    ipv4_address = try(flatten([for i in object.interfaces : [for a in i.addresses : a.address if a.family == "inet" && a.scope == "global"]])[0], object.status == "Running" ? null : ipv4_address)
    ipv6_address = try(flatten([for i in object.interfaces : [for a in i.addresses : a.address if a.family == "inet6" && a.scope == "global"]])[0], object.status == "Running" ? null : ipv6_address)
    mac_address  = try([for i in object.interfaces : i.hwaddr if i.hwaddr != ""][0], mac_address)
    host_key     = host_key != null ? host_key : object.key
  }

  create {
    request {
      post  = "/1.0/instances"
      query = { project = project }
      json = {
        name        = name
        description = description
        type        = type
        ephemeral   = ephemeral
        profiles    = profiles
        config      = merge({ "user.ashlar-intent" = intent.id }, planned.config, limits_sent)
        devices     = devices_sent
        source = {
          type        = "image"
          mode        = can(regex(":", image)) ? "pull" : null
          protocol    = can(regex(":", image)) ? "simplestreams" : null
          fingerprint = can(regex("^[0-9a-f]{12,64}$", image)) ? image : null
          alias       = can(regex("^[0-9a-f]{12,64}$", image)) ? null : try(regex("^[^:]*:(.*)$", image)[0], image)
          server = can(regex(":", image)) ? {
            ubuntu         = "https://cloud-images.ubuntu.com/releases"
            "ubuntu-daily" = "https://cloud-images.ubuntu.com/daily"
            images         = "https://images.lxd.canonical.com"
          }[split(":", image)[0]] : null
        }
      }
    }
    wait {
      get      = "/1.0/operations/${response.body.metadata.id}/wait?timeout=20"
      until    = is_done
      fail     = has_failed
      message  = why
      interval = 0.1
      timeout  = 900
    }
    # From here on it exists, and is ours: its configuration says by whom it was made.
    request "made" {
      get   = "/1.0/instances/${name}"
      query = { project = project }
      error {
        when    = response.status != 200 || try(response.body.metadata.config["user.ashlar-intent"] != intent.id, true)
        message = try(response.body.error, "") == "" ? "Another instance has this name already." : response.body.error
      }
      set = { id = response.body.metadata.config["volatile.uuid"] }
    }
    request "start" {
      when  = running
      put   = "/1.0/instances/${name}/state"
      query = { project = project }
      json  = { action = "start" }
    }
    wait {
      when     = running
      get      = "/1.0/operations/${answers.start.body.metadata.id}/wait?timeout=20"
      until    = is_done
      fail     = has_failed
      message  = why
      interval = 0.1
      timeout  = 300
    }
    wait {
      when     = running && wait_for_network && length([for n, d in answers.made.body.metadata.expanded_devices : n if d.type == "nic"]) > 0
      get      = "/1.0/instances/${name}/state"
      query    = { project = project }
      until    = length(flatten([for n, i in response.body.metadata.network : [for a in i.addresses : a if a.scope == "global" && a.family == "inet"]])) > 0
      fail     = response.body.metadata.status != "Running"
      message  = "the instance stopped"
      interval = 0.2
      timeout  = 180
    }
    wait {
      when     = running && wait_for_host_key
      get      = "/1.0/instances/${name}/files"
      query    = { project = project, path = "/etc/ssh/ssh_host_ed25519_key.pub" }
      until    = response.status == 200
      accept   = contains([400, 404, 500], response.status)
      interval = 0.2
      timeout  = 180
    }
  }

  update {
    attributes = ["description", "profiles", "config", "limits", "device"]
    request "current" {
      get   = "/1.0/instances/${name}"
      query = { project = project }
    }
    # A PUT carries the whole, with what LXD keeps there for itself; the ETag keeps it from undoing another's change.
    request {
      put     = "/1.0/instances/${name}"
      query   = { project = project }
      headers = { If-Match = answers.current.headers["etag"] }
      json = {
        architecture = answers.current.body.metadata.architecture
        description  = description
        ephemeral    = ephemeral
        profiles     = profiles
        config = merge(
          { for k, v in answers.current.body.metadata.config : k => v if startswith(k, "volatile.") || startswith(k, "image.") || k == "user.ashlar-intent" },
          planned.config, limits_sent,
        )
        devices = devices_sent
      }
    }
    wait {
      get      = "/1.0/operations/${response.body.metadata.id}/wait?timeout=20"
      until    = is_done
      fail     = has_failed
      message  = why
      interval = 0.1
      timeout  = 300
    }
  }
  update {
    attributes = ["running"]
    request "current" {
      get   = "/1.0/instances/${name}"
      query = { project = project }
    }
    # A machine that stands still has no address; the one it had stays recorded, for it has it again as a rule.
    request {
      when  = !running
      get   = "/1.0/instances/${name}"
      query = { project = project }
      set   = { ipv4_address = prior.ipv4_address, ipv6_address = prior.ipv6_address, mac_address = prior.mac_address }
    }
    request "change" {
      when  = (answers.current.body.metadata.status == "Running") != running
      put   = "/1.0/instances/${name}/state"
      query = { project = project }
      json  = running ? { action = "start", timeout = null } : { action = "stop", timeout = 60 }
    }
    wait {
      when     = can(answers.change)
      get      = "/1.0/operations/${answers.change.body.metadata.id}/wait?timeout=20"
      until    = is_done
      fail     = has_failed
      message  = why
      interval = 0.1
      timeout  = 300
    }
    wait {
      when     = running && wait_for_network && length([for n, d in answers.current.body.metadata.expanded_devices : n if d.type == "nic"]) > 0
      get      = "/1.0/instances/${name}/state"
      query    = { project = project }
      until    = length(flatten([for n, i in response.body.metadata.network : [for a in i.addresses : a if a.scope == "global" && a.family == "inet"]])) > 0
      interval = 0.2
      timeout  = 180
    }
  }
  update { attributes = ["wait_for_network", "wait_for_host_key"] }

  delete {
    request "current" {
      get   = "/1.0/instances/${name}"
      query = { project = project }
      gone { when = response.status == 404 || (id != null && try(response.body.metadata.config["volatile.uuid"] != id, false)) }
    }
    request "stop" {
      when  = answers.current.body.metadata.status != "Stopped"
      put   = "/1.0/instances/${name}/state"
      query = { project = project }
      json  = { action = "stop", force = true, timeout = 30 }
    }
    wait {
      when = can(answers.stop)
      get  = "/1.0/operations/${answers.stop.body.metadata.id}/wait?timeout=20"
      # That it has stopped by itself meanwhile is as good; whatever else is wrong the delete says.
      until    = response.status == 404 || try(response.body.metadata.status_code >= 200, false)
      interval = 0.1
      timeout  = 120
    }
    request "delete" {
      delete = "/1.0/instances/${name}"
      query  = { project = project }
    }
    wait {
      get      = "/1.0/operations/${answers.delete.body.metadata.id}/wait?timeout=20"
      until    = is_done
      fail     = has_failed
      message  = why
      interval = 0.1
      timeout  = 300
    }
    wait {
      get      = "/1.0/instances/${name}"
      query    = { project = project }
      until    = response.status == 404
      interval = 0.2
      timeout  = 60
    }
  }
}
