# What several types ask of their arguments, and who owns files and directories.

rule "path" {
  condition = can(regex("^/[^[:cntrl:]]*[^[:cntrl:]/]$", value))
  message   = "A path is absolute, does not end with a slash and has no control characters: ${value}"
}

rule "plain_path" {
  condition = !can(regex("//|/[.][.]?(/|$)", value))
  message   = "A path is written one way only, without //, /./ and /../: ${value}"
}

rule "mode" {
  condition = can(regex("^[0-7]{3,5}$", value))
  message   = "A mode is three to five octal digits, such as \"0644\"."
}

rule "unit" {
  condition = can(regex("^[A-Za-z0-9@:_.\\\\][A-Za-z0-9@:_.\\\\-]*$", value))
  message   = "Not a unit's name: ${value}"
}

# Of what has the fact "stat", by its path.
mixin "owned" {
  needs = ["path", "mode"]
  attributes = {
    owner = {
      type        = string
      default     = "root"
      description = "Owning user: name or number."
      validation  = { condition = can(regex("^[^-+:/[:space:][:cntrl:]][^:/[:space:][:cntrl:]]*$", value)), message = "Not a user's name or number: ${value}" }
    }
    group = {
      type        = string
      optional    = true
      computed    = true
      recompute   = ["owner"]
      description = "Owning group: name or number; the owner's own by default."
      validation  = { condition = can(regex("^[^-+:/[:space:][:cntrl:]][^:/[:space:][:cntrl:]]*$", value)), message = "Not a group's name or number: ${value}" }
    }
  }
  let = {
    # For chown: without a group of the configuration, the owner's own.
    ownership = try("${owner}:${config.group}", can(regex("^[0-9]+$", owner)) ? owner : "${owner}:")
  }
  object = {
    mode  = substr("0${facts.stat[path].mode}", -4, 4)
    owner = can(regex("^[0-9]+$", owner)) ? facts.stat[path].uid : facts.stat[path].owner
    group = can(regex("^[0-9]+$", group)) ? facts.stat[path].gid : facts.stat[path].group
  }
}
