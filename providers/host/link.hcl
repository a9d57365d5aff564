resource "host_link" {
  summary   = "A symbolic link, replaced atomically."
  identity  = ["host", "path"]
  nested_by = "path"

  attributes = {
    host = { type = host, required = true, replaces = true, description = "Where." }
    path = {
      type        = string
      required    = true
      replaces    = true
      description = "Absolute path of the link."
      validation  = { condition = can(regex("^/[^\n]*[^\n/]$", value)), message = "A path is absolute and does not end with a slash: ${value}" }
    }
    target = { type = string, required = true, description = "What it points at." }
  }

  read {
    facts "links" {
      columns   = ["path", "target"]
      separator = "\t"
      script    = <<-SH
        find ${[for o in objects : o.path]} -maxdepth 0 -type l -printf '%p\t%l\n' 2>/dev/null || :
      SH
    }
    gone = !can(facts.links[path])
  }
  object = { target = facts.links[path].target }

  create {
    script = <<-SH
      [ -L ${path} ] || [ ! -e ${path} ] || fail ${path} "is there and is no link"
      if [ -L ${path} ]; then remember target "$(readlink -- ${path})"; fi
      candidate=$(mktemp -u ${path}.ashlar.XXXXXX)
      ln -s -- ${target} "$candidate"
      changed
      mv -fT -- "$candidate" ${path}
    SH
  }
  update {
    script = <<-SH
      candidate=$(mktemp -u ${path}.ashlar.XXXXXX)
      ln -s -- ${target} "$candidate"
      mv -fT -- "$candidate" ${path}
    SH
  }
  delete {
    script = <<-SH
      rm -f -- ${path}
      %{ if can(before.target) ~}
      ln -s -- ${before.target} ${path}
      %{ endif ~}
    SH
  }
}
