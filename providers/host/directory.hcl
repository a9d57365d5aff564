resource "host_directory" {
  summary   = "A directory. Several may claim one; it goes when the last does, if it was not there before."
  identity  = ["host", "path"]
  shared    = true
  nested_by = "path"

  attributes = {
    host = { type = host, required = true, replaces = true, description = "Where." }
    path = {
      type        = string
      required    = true
      replaces    = true
      description = "Absolute path. What it stands in must be there."
      validation  = { condition = can(regex("^/[^\n]*[^\n/]$", value)), message = "A path is absolute and does not end with a slash: ${value}" }
    }
    mode = {
      type        = string
      default     = "0755"
      normalize   = replace(value, "/^0+/", "")
      description = "Permissions, octal."
      validation  = { condition = can(regex("^[0-7]{3,5}$", value)), message = "A mode is three to five octal digits, such as \"0755\"." }
    }
    owner           = { type = string, default = "root", description = "Owning user: name or number." }
    group           = { type = string, optional = true, computed = true, recompute = ["owner"], description = "Owning group: name or number; the owner's own by default." }
    delete_contents = { type = bool, default = false, description = "Whether what is in it goes with it; otherwise only an empty directory is removed." }
  }

  read {
    facts "stat" {
      columns = ["raw", "mode", "uid", "gid", "owner", "group", "path"]
      key     = "path"
      script  = <<-SH
        stat -c '%f %a %u %g %U %G %n' -- ${[for o in objects : o.path]} 2>/dev/null || :
      SH
    }
    gone = !startswith(try(facts.stat[path].raw, ""), "4")
  }
  object = {
    mode  = substr("0${facts.stat[path].mode}", -4, 4)
    owner = can(regex("^[0-9]+$", owner)) ? facts.stat[path].uid : facts.stat[path].owner
    group = can(regex("^[0-9]+$", group)) ? facts.stat[path].gid : facts.stat[path].group
  }

  create {
    script = <<-SH
      # What somebody else has put in its place leads anywhere: root neither follows nor changes it.
      [ ! -L ${path} ] || fail ${path} "is a symbolic link"
      if [ -d ${path} ]; then
        remember mode "$(stat -c %a -- ${path})"
        remember owner "$(stat -c %u:%g -- ${path})"
      else
        mkdir -m 0700 -- ${path}
      fi
      changed
      chown -h -- ${try("${owner}:${config.group}", can(regex("^[0-9]+$", owner)) ? owner : "${owner}:")} ${path}
      chmod -- ${mode} ${path}
    SH
  }
  update {
    attributes = ["mode", "owner", "group"]
    script     = <<-SH
      [ ! -L ${path} ] || fail ${path} "is a symbolic link"
      chown -h -- ${try("${owner}:${config.group}", can(regex("^[0-9]+$", owner)) ? owner : "${owner}:")} ${path}
      chmod -- ${mode} ${path}
    SH
  }
  update { attributes = ["delete_contents"] }
  delete {
    script = <<-SH
      [ -d ${path} ] && [ ! -L ${path} ] || exit 0
      %{ if can(before.mode) ~}
      chown -h -- ${before.owner} ${path}
      chmod -- ${before.mode} ${path}
      %{ else ~}
      %{ if delete_contents ~}
      rm -rf --one-file-system -- ${path}
      %{ else ~}
      rmdir -- ${path} || fail "it holds:" $(ls -A ${path} | head -n 5)
      %{ endif ~}
      %{ endif ~}
    SH
  }
}
