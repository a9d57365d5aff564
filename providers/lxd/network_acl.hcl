resource "lxd_network_acl" {
  summary  = "Rules of what a network lets through. They take effect where a network names them in its configuration security.acls, or through lxd_network_acl_attachment."
  identity = ["project", "name"]
  # [PROJECT/]NAME
  import = {
    project = strcontains(import_id, "/") ? split("/", import_id)[0] : setting.project
    name    = regex("([^/]+)$", import_id)[0]
  }

  attributes = {
    name        = { type = string, required = true, replaces = true, description = "Name of the rules.",
    validation = { condition = can(regex("^[A-Za-z][A-Za-z0-9_.-]{0,62}$", value)), message = "A name begins with a letter and has letters, digits, dots, dashes and underscores: ${value}" } }
    description = { type = string, default = "", description = "Free text." }
    project     = { type = string, default = setting.project, replaces = true, description = "Project." }
    config      = { type = map(string), optional = true, description = "Configuration: keys that begin with user." }
    ingress = {
      type        = list(object({ action = string, state = optional(string, "enabled"), description = optional(string, ""), source = optional(string, ""), destination = optional(string, ""), protocol = optional(string, ""), source_port = optional(string, ""), destination_port = optional(string, ""), icmp_type = optional(string, ""), icmp_code = optional(string, "") }))
      default     = []
      unordered   = true
      description = "Rules of what comes in: action (allow, reject or drop), state (enabled, logged or disabled), source and destination (addresses, ranges, networks, joined by commas), protocol, ports, ICMP type and code."
      # LXD takes any number and only fails when a network is to use the rules.
      validation  = [rule.acl_action, rule.acl_port]
    }
    egress = {
      type        = list(object({ action = string, state = optional(string, "enabled"), description = optional(string, ""), source = optional(string, ""), destination = optional(string, ""), protocol = optional(string, ""), source_port = optional(string, ""), destination_port = optional(string, ""), icmp_type = optional(string, ""), icmp_code = optional(string, "") }))
      default     = []
      unordered   = true
      description = "Rules of what goes out, as for ingress."
      validation  = [rule.acl_action, rule.acl_port]
    }
    id = { type = string, value = "${project}/${name}", computed = true, description = "Project and name." }
  }

  read {
    get    = "/1.0/network-acls/${name}"
    query  = { project = project }
    object = response.body.metadata
  }
  find {
    get    = "/1.0/network-acls/${name}"
    query  = { project = project }
    object = try(response.body.metadata.config["user.ashlar-intent"], "") == intent.id ? response.body.metadata : null
    key    = "${project}/${name}"
  }
  object = {
    description = object.description
    config      = config == null && length([for k, v in object.config : k if k != "user.ashlar-intent"]) == 0 ? null : { for k, v in object.config : k => v if k != "user.ashlar-intent" }
    ingress = [for r in object.ingress : {
      action = r.action, state = r.state, description = try(r.description, ""), source = try(r.source, ""), destination = try(r.destination, ""), protocol = try(r.protocol, "")
      source_port = try(r.source_port, ""), destination_port = try(r.destination_port, ""), icmp_type = try(r.icmp_type, ""), icmp_code = try(r.icmp_code, "")
    }]
    egress = [for r in object.egress : {
      action = r.action, state = r.state, description = try(r.description, ""), source = try(r.source, ""), destination = try(r.destination, ""), protocol = try(r.protocol, "")
      source_port = try(r.source_port, ""), destination_port = try(r.destination_port, ""), icmp_type = try(r.icmp_type, ""), icmp_code = try(r.icmp_code, "")
    }]
  }

  create {
    post  = "/1.0/network-acls"
    query = { project = project }
    json = {
      name        = name
      description = description
      config      = merge({ "user.ashlar-intent" = intent.id }, planned.config)
      ingress     = [for r in ingress : { for k, v in r : k => v if v != "" }]
      egress      = [for r in egress : { for k, v in r : k => v if v != "" }]
    }
  }
  update {
    request "current" {
      get   = "/1.0/network-acls/${name}"
      query = { project = project }
    }
    request {
      put     = "/1.0/network-acls/${name}"
      query   = { project = project }
      headers = { If-Match = answers.current.headers["etag"] }
      json = {
        description = description
        config      = merge({ for k, v in answers.current.body.metadata.config : k => v if k == "user.ashlar-intent" }, planned.config)
        ingress     = [for r in ingress : { for k, v in r : k => v if v != "" }]
        egress      = [for r in egress : { for k, v in r : k => v if v != "" }]
      }
    }
  }
  delete {
    delete = "/1.0/network-acls/${name}"
    query  = { project = project }
  }
}

# Not in the Terraform provider, where a network names its rules itself: with this, a network that somebody else made is guarded, and several
# firewalls of one network unite.
resource "lxd_network_acl_attachment" {
  summary  = "Rules on a network: everything that none of its rules lets through is refused from then on, for all instances on it."
  identity = ["project", "network", "acl"]
  # [PROJECT/]NETWORK/RULES
  import = {
    project = length(split("/", import_id)) == 3 ? split("/", import_id)[0] : setting.project
    network = regex("([^/]+)/[^/]+$", import_id)[0]
    acl     = regex("([^/]+)$", import_id)[0]
  }

  attributes = {
    network = { type = string, default = setting.network, replaces = true, description = "Network that the rules guard; the provider's by default." }
    acl     = { type = string, required = true, replaces = true, description = "Name of the rules." }
    project = { type = string, default = setting.project, replaces = true, description = "Project." }
    id      = { type = string, value = "${project}/${network}/${acl}", computed = true, description = "Project, network and rules." }
  }

  let = {
    listed  = contains(split(",", replace(try(response.body.metadata.config["security.acls"], ""), " ", "")), acl)
    current = split(",", try(answers.current.body.metadata.config["security.acls"], ""))
  }

  read {
    get    = "/1.0/networks/${network}"
    query  = { project = project }
    object = listed ? response.body.metadata : null
  }
  # A name in a list is all that there is of it: whoever wrote it there, it says the same.
  find {
    get    = "/1.0/networks/${network}"
    query  = { project = project }
    object = listed ? response.body.metadata : null
    key    = "${project}/${network}/${acl}"
  }
  object = { network = object.name }

  # The list is one text that others may be changing at this moment: who comes second begins again. LXD trips over its own nftables rules when
  # an instance, a forward or other rules of the network come or go at the same time; it puts all back.
  create {
    retry {
      when        = response.status == 503 || response.status == 500 && (strcontains(error.message, "Could not process rule") || strcontains(error.message, "nft"))
      begin_again = response.status == 412
      timeout     = 30
    }
    request "current" {
      get   = "/1.0/networks/${network}"
      query = { project = project }
    }
    request {
      when       = !contains(current, acl)
      patch      = "/1.0/networks/${network}"
      query      = { project = project }
      headers    = { If-Match = answers.current.headers["etag"] }
      json       = { config = { "security.acls" = join(",", compact(concat(current, [acl]))) } }
      repeatable = true
    }
  }
  delete {
    retry {
      when        = response.status == 503 || response.status == 500 && (strcontains(error.message, "Could not process rule") || strcontains(error.message, "nft"))
      begin_again = response.status == 412
      timeout     = 30
    }
    request "current" {
      get   = "/1.0/networks/${network}"
      query = { project = project }
    }
    request {
      when       = contains(current, acl)
      patch      = "/1.0/networks/${network}"
      query      = { project = project }
      headers    = { If-Match = answers.current.headers["etag"] }
      json       = { config = { "security.acls" = join(",", [for a in current : a if a != acl]) } }
      repeatable = true
    }
  }
}

rule "acl_action" {
  condition = alltrue([for r in value : contains(["allow", "reject", "drop"], r.action)])
  message   = "An action is allow, reject or drop."
}

rule "acl_port" {
  condition = alltrue(flatten([for r in value : [for p in compact(split(",", "${r.source_port},${r.destination_port}")) : [for n in split("-", trimspace(p)) : try(tonumber(n) >= 1 && tonumber(n) <= 65535, false)]]]))
  message   = "A port is 1 to 65535; ranges are FROM-TO, several are joined by commas."
}
