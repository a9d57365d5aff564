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
      validation  = [rule.path, rule.plain_path]
    }
    target = { type = string, required = true, description = "What it points at." }
  }

  read {
    facts "links" {
      columns   = ["path", "target"]
      separator = "\t"
      script    = <<-SH
        # A target with a line end would be read as another link's line: it is none of ours.
        find ${[for o in objects : o.path]} -maxdepth 0 -type l ! -lname "*$nl*" -printf '%p\t%l\n' 2>/dev/null || :
      SH
    }
    gone = !can(facts.links[path])
  }
  object = { target = facts.links[path].target }

  create {
    script = <<-SH
      stage ${path}
      [ -L "$place" ] || [ ! -e "$place" ] || fail ${path} "is there and is no link"
      if [ -L ./was ]; then remember target "$(readlink -- ./was)"; fi
      ln -sT -- ${target} ./new
      changed
      mv -fT -- ./new "$place"
    SH
  }
  update {
    script = <<-SH
      stage ${path}
      ln -sT -- ${target} ./new
      mv -fT -- ./new "$place"
    SH
  }
  delete {
    script = <<-SH
      [ -d ${dirname(path)} ] || exit 0
      enter ${path}
      rm -f -- "$place"
      %{ if can(before.target) ~}
      ln -sT -- ${before.target} "$place"
      %{ endif ~}
    SH
  }
}
