resource "host_file" {
  summary   = "A file with exactly this content, replaced atomically, checked before it takes effect where a check is given."
  identity  = ["host", "path"]
  nested_by = "path"

  attributes = {
    host = { type = host, required = true, replaces = true, description = "Where." }
    path = {
      type        = string
      required    = true
      replaces    = true
      description = "Absolute path."
      validation  = { condition = can(regex("^/[^\n]*[^\n/]$", value)), message = "A path is absolute and does not end with a slash: ${value}" }
    }
    content = { type = string, optional = true, description = "Text of the file; empty by default." }
    mode = {
      type        = string
      default     = "0644"
      normalize   = replace(value, "/^0+/", "")
      description = "Permissions, octal."
      validation  = { condition = can(regex("^[0-7]{3,5}$", value)), message = "A mode is three to five octal digits, such as \"0644\"." }
    }
    owner    = { type = string, default = "root", description = "Owning user: name or number." }
    group    = { type = string, optional = true, computed = true, recompute = ["owner"], description = "Owning group: name or number; the owner's own by default." }
    validate = { type = string, optional = true, description = "Command that checks the new file before it replaces the old one; it finds it in $candidate." }
    check    = { type = string, optional = true, description = "Command that checks once the file is in place, such as nginx -t; if it fails, the old file is put back." }
    reload   = { type = string, optional = true, description = "Command to run after the file has changed, such as systemctl reload nginx." }
    confirm  = { type = number, optional = true, description = "Seconds within which a new connection must come through after a change, or else the old file comes back: for files that could lock out who works on the host." }
    sha256   = { type = string, computed = true, value = sha256(content == null ? "" : content), description = "SHA-256 of the content, hexadecimal: what a service's restart_on names." }
  }

  read {
    facts "stat" {
      columns = ["raw", "mode", "uid", "gid", "owner", "group", "path"]
      key     = "path"
      script  = <<-SH
        stat -c '%f %a %u %g %U %G %n' -- ${[for o in objects : o.path]} 2>/dev/null || :
      SH
    }
    # Contents travel only where they differ from what is recorded.
    facts "content" {
      script = <<-SH
        printf '%s  %s\n'%{ for o in objects } ${secret(sha256(o.content == null ? "" : o.content))} ${o.path}%{ endfor } |
          sha256sum --check --quiet 2>/dev/null |
          while IFS= read -r line; do
            path=$${line%: FAILED*}
            [ -f "$path" ] || continue
            emit_file "$path" "$path"
            # Of its own: what is too long to be carried is not what its text says, and not every file is a text.
            emit "sha256 $path" "$(sha256sum <"$path" | cut -c 1-64)"
          done
      SH
    }
    gone = !startswith(try(facts.stat[path].raw, ""), "8")
  }
  object = {
    mode    = substr("0${facts.stat[path].mode}", -4, 4)
    owner   = can(regex("^[0-9]+$", owner)) ? facts.stat[path].uid : facts.stat[path].owner
    group   = can(regex("^[0-9]+$", group)) ? facts.stat[path].gid : facts.stat[path].group
    content = try(facts.content[path] == "" && content == null ? null : facts.content[path], content)
    sha256  = try(facts.content["sha256 ${path}"], sha256(content == null ? "" : content))
  }

  create {
    stdin  = content == null ? "" : content
    script = <<-SH
      [ ! -d ${path} ] || fail ${path} "is a directory"
      umask 077
      candidate=$(mktemp ${"${dirname(path)}/.ashlar.XXXXXX"})
      old=
      at_exit 'rm -f -- "$candidate" $${old:+"$old"}'
      cat >"$candidate"
      chown ${try("${owner}:${config.group}", can(regex("^[0-9]+$", owner)) ? owner : "${owner}:")} "$candidate"
      chmod ${mode} "$candidate"
      %{ if validate != null ~}
      export candidate
      sh -c ${validate} >&2
      %{ endif ~}
      if [ -L ${path} ]; then
        remember link "$(readlink -- ${path})"
      elif [ -e ${path} ]; then
        remember mode "$(stat -c %a -- ${path})"
        remember owner "$(stat -c %u:%g -- ${path})"
        remember_file content ${path}
      fi
      %{ if check != null || confirm != null ~}
      if [ -e ${path} ]; then
        old=$(mktemp ${"${dirname(path)}/.ashlar.XXXXXX"})
        cp -p -- ${path} "$old"
      fi
      if [ -n "$old" ]; then
        back="mv -fT -- $(word "$old")$(word ${path})"
      else
        back="rm -f -- $(word ${path})"
      fi
      %{ endif ~}
      %{ if confirm != null ~}
      arm ${confirm} "$back%{ if reload != null }; sh -c $(word ${reload})%{ endif }"
      %{ endif ~}
      changed
      mv -fT -- "$candidate" ${path}
      %{ if check != null ~}
      sh -c ${check} >&2 || { eval "$back"; unchanged; fail "the check refused the new" ${path} "and the old one was put back"; }
      %{ endif ~}
      %{ if reload != null ~}
      sh -c ${reload} >&2
      %{ endif ~}
      %{ if confirm != null ~}
      confirm
      %{ endif ~}
    SH
  }
  update {
    attributes = ["content", "mode", "owner", "group"]
    stdin      = content == null ? "" : content
    script     = <<-SH
      umask 077
      candidate=$(mktemp ${"${dirname(path)}/.ashlar.XXXXXX"})
      old=
      at_exit 'rm -f -- "$candidate" $${old:+"$old"}'
      cat >"$candidate"
      chown ${try("${owner}:${config.group}", can(regex("^[0-9]+$", owner)) ? owner : "${owner}:")} "$candidate"
      chmod ${mode} "$candidate"
      %{ if validate != null ~}
      export candidate
      sh -c ${validate} >&2
      %{ endif ~}
      %{ if check != null || confirm != null ~}
      if [ -e ${path} ]; then
        old=$(mktemp ${"${dirname(path)}/.ashlar.XXXXXX"})
        cp -p -- ${path} "$old"
      fi
      if [ -n "$old" ]; then
        back="mv -fT -- $(word "$old")$(word ${path})"
      else
        back="rm -f -- $(word ${path})"
      fi
      %{ endif ~}
      %{ if confirm != null ~}
      arm ${confirm} "$back%{ if reload != null }; sh -c $(word ${reload})%{ endif }"
      %{ endif ~}
      changed
      mv -fT -- "$candidate" ${path}
      %{ if check != null ~}
      sh -c ${check} >&2 || { eval "$back"; unchanged; fail "the check refused the new" ${path} "and the old one was put back"; }
      %{ endif ~}
      %{ if reload != null ~}
      sh -c ${reload} >&2
      %{ endif ~}
      %{ if confirm != null ~}
      confirm
      %{ endif ~}
    SH
  }
  # What is only done with the next change of the file needs nothing now.
  update { attributes = ["validate", "check", "reload", "confirm"] }
  delete {
    stdin  = lookup(before, "content", "")
    script = <<-SH
      %{ if can(before.content) ~}
      umask 077
      candidate=$(mktemp ${"${dirname(path)}/.ashlar.XXXXXX"})
      at_exit 'rm -f -- "$candidate"'
      base64 -d >"$candidate"
      chown ${before.owner} "$candidate"
      chmod ${before.mode} "$candidate"
      mv -fT -- "$candidate" ${path}
      %{ else ~}
      rm -f -- ${path}
      %{ if can(before.link) ~}
      ln -s -- ${before.link} ${path}
      %{ endif ~}
      %{ endif ~}
      %{ if reload != null ~}
      sh -c ${reload} >&2 || :
      %{ endif ~}
    SH
  }
}
