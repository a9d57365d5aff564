resource "lxd_network_forward" {
  summary  = "Passes what comes to an address of a network on to instances in it."
  identity = ["project", "network", "listen_address"]
  # [PROJECT/]NETWORK/ADDRESS
  import = {
    project        = length(split("/", import_id)) == 3 ? split("/", import_id)[0] : setting.project
    network        = regex("([^/]+)/[^/]+$", import_id)[0]
    listen_address = regex("([^/]+)$", import_id)[0]
  }

  attributes = {
    network        = { type = string, required = true, replaces = true, description = "Network." }
    listen_address = { type = string, required = true, replaces = true, description = "Address that is listened on." }
    description    = { type = string, default = "", description = "Free text." }
    config         = { type = map(string), optional = true, description = "Configuration: target_address is where everything goes that no port says." }
    project        = { type = string, default = setting.project, replaces = true, description = "Project." }
    ports = {
      type        = list(object({ protocol = string, listen_port = string, target_address = string, target_port = optional(string, ""), description = optional(string, "") }))
      default     = []
      unordered   = true
      description = "Ports: protocol (tcp or udp), listen_port and target_port (one, ranges FROM-TO, several joined by commas), target_address."
      validation = [
        { condition = alltrue([for p in value : contains(["tcp", "udp"], p.protocol)]), message = "A protocol is tcp or udp." },
        { condition = alltrue(flatten([for p in value : [for n in split(",", replace(p.listen_port, "-", ",")) : try(tonumber(n) >= 1 && tonumber(n) <= 65535, false)]])), message = "A port is 1 to 65535." },
      ]
    }
    id = { type = string, value = "${project}/${network}/${listen_address}", computed = true, description = "Project, network and address." }
  }

  read {
    get    = "/1.0/networks/${network}/forwards/${listen_address}"
    query  = { project = project }
    object = response.body.metadata
  }
  find {
    get    = "/1.0/networks/${network}/forwards/${listen_address}"
    query  = { project = project }
    object = try(response.body.metadata.config["user.ashlar-intent"], "") == intent.id ? response.body.metadata : null
    key    = "${project}/${network}/${listen_address}"
  }
  object = {
    description = object.description
    config      = config == null && length([for k, v in object.config : k if k != "user.ashlar-intent"]) == 0 ? null : { for k, v in object.config : k => v if k != "user.ashlar-intent" }
    ports = [for p in items(object.ports) : {
      protocol = p.protocol, listen_port = p.listen_port, target_address = p.target_address, target_port = try(p.target_port, ""), description = try(p.description, "")
    }]
  }

  create {
    post  = "/1.0/networks/${network}/forwards"
    query = { project = project }
    json = {
      listen_address = listen_address
      description    = description
      config         = merge({ "user.ashlar-intent" = intent.id }, planned.config)
      ports          = [for p in ports : { for k, v in p : k => v if v != "" }]
    }
  }
  update {
    request "current" {
      get   = "/1.0/networks/${network}/forwards/${listen_address}"
      query = { project = project }
    }
    request {
      put     = "/1.0/networks/${network}/forwards/${listen_address}"
      query   = { project = project }
      headers = { If-Match = answers.current.headers["etag"] }
      json = {
        description = description
        config      = merge({ for k, v in answers.current.body.metadata.config : k => v if k == "user.ashlar-intent" }, planned.config)
        ports       = [for p in ports : { for k, v in p : k => v if v != "" }]
      }
    }
  }
  delete {
    delete = "/1.0/networks/${network}/forwards/${listen_address}"
    query  = { project = project }
  }
}
