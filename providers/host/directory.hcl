resource "host_directory" {
  summary   = "A directory. Several may claim one; it goes when the last does, if it was not there before."
  identity  = ["host", "path"]
  shared    = true
  nested_by = "path"
  use       = ["owned"]

  attributes = {
    host = { type = host, required = true, replaces = true, description = "Where." }
    path = {
      type        = string
      required    = true
      replaces    = true
      description = "Absolute path. What it stands in must be there."
      validation  = [rule.path, rule.plain_path]
    }
    mode = {
      type        = string
      default     = "0755"
      normalize   = replace(value, "/^0+/", "")
      description = "Permissions, octal."
      validation  = rule.mode
    }
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

  # The directory may stand where other users write: it is owned and opened from within, never by its name.
  create {
    script = <<-SH
      enter ${path}
      [ ! -L "$place" ] || fail ${path} "is a symbolic link"
      if [ -d "$place" ]; then
        within "$place"
        remember mode "$(stat -c %a .)"
        remember owner "$(stat -c %u:%g .)"
        changed
      else
        changed
        mkdir -m 0700 -- "$place" || { unchanged; exit 1; }
        within "$place"
      fi
      chown -h -- ${ownership} .
      chmod -- ${mode} .
    SH
  }
  update {
    attributes = ["mode", "owner", "group"]
    script     = <<-SH
      enter ${path}
      [ ! -L "$place" ] || fail ${path} "is a symbolic link"
      within "$place"
      chown -h -- ${ownership} .
      chmod -- ${mode} .
    SH
  }
  update { attributes = ["delete_contents"] }
  delete {
    script = <<-SH
      [ -d ${dirname(path)} ] || exit 0
      enter ${path}
      [ ! -L "$place" ] || fail ${path} "is a symbolic link"
      [ -d "$place" ] || exit 0
      %{ if can(before.mode) ~}
      within "$place"
      chown -h -- ${before.owner} .
      chmod -- ${before.mode} .
      %{ else ~}
      %{ if delete_contents ~}
      rm -rf --one-file-system -- "$place"
      %{ else ~}
      rmdir -- "$place" || fail "it holds:" $(ls -A -- "$place" | head -n 5)
      %{ endif ~}
      %{ endif ~}
    SH
  }
}
