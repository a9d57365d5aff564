resource "host_group" {
  summary  = "A group. Several may claim one; it goes when the last does, if it was not there before."
  identity = ["host", "name"]
  shared   = true

  attributes = {
    host = { type = host, required = true, replaces = true, description = "Where." }
    name = {
      type        = string
      required    = true
      replaces    = true
      description = "Name of the group."
      validation  = { condition = can(regex("^[a-z_][a-z0-9_-]{0,30}[$]?$", value)), message = "Not a group's name: ${value}" }
    }
    gid    = { type = number, optional = true, computed = true, description = "Number; the system's choice by default." }
    system = { type = bool, default = false, replaces = true, description = "A system group: its number is from the system's range." }
  }

  read {
    facts "group" {
      columns   = ["name", "password", "gid", "members"]
      separator = ":"
      script    = <<-SH
        getent group -- ${[for o in objects : o.name]} || :
      SH
    }
    gone = !can(facts.group[name])
  }
  object = { gid = tonumber(facts.group[name].gid) }

  create {
    script = <<-SH
      if line=$(getent group -- ${name}); then
        rest=$${line#*:*:}
        remember gid "$${rest%%:*}"
        %{ if config.gid != null ~}
        [ "$${rest%%:*}" = ${gid} ] || { changed; groupmod -g ${gid} -- ${name}; }
        %{ endif ~}
      else
        changed
        groupadd %{ if system }-r%{ endif } %{ if config.gid != null }-g ${gid}%{ endif } -- ${name}
      fi
    SH
  }
  update { script = "groupmod -g ${gid} -- ${name}" }
  delete {
    script = <<-SH
      getent group -- ${name} >/dev/null || exit 0
      %{ if can(before.gid) ~}
      groupmod -g ${before.gid} -- ${name}
      %{ else ~}
      groupdel -- ${name}
      %{ endif ~}
    SH
  }
}

resource "host_user" {
  summary  = "A user. Several may claim one; it goes when the last does, if it was not there before."
  identity = ["host", "name"]
  shared   = true

  attributes = {
    host = { type = host, required = true, replaces = true, description = "Where." }
    name = {
      type        = string
      required    = true
      replaces    = true
      description = "Login name."
      validation  = { condition = can(regex("^[a-z_][a-z0-9_-]{0,30}[$]?$", value)), message = "Not a user's name: ${value}" }
    }
    uid         = { type = number, optional = true, computed = true, description = "Number; the system's choice by default." }
    group       = { type = string, optional = true, computed = true, description = "Primary group; one of the user's own name by default." }
    groups      = { type = list(string), optional = true, unordered = true, description = "All further groups. Left alone where not given." }
    home        = { type = string, optional = true, computed = true, description = "Home directory." }
    shell       = { type = string, default = "/bin/sh", description = "Login shell." }
    comment     = { type = string, default = "", description = "Full name or purpose." }
    create_home = { type = bool, default = false, description = "Whether the home directory is made, and goes with the user; one that was there before stays." }
    system      = { type = bool, default = false, replaces = true, description = "A system user: its number is from the system's range." }
  }

  read {
    facts "passwd" {
      columns   = ["name", "password", "uid", "gid", "comment", "home", "shell"]
      separator = ":"
      script    = <<-SH
        getent passwd -- ${[for o in objects : o.name]} || :
      SH
    }
    facts "primary" {
      columns   = ["name", "password", "gid", "members"]
      separator = ":"
      key       = "gid"
      script    = <<-SH
        gids=
        found=$(getent passwd -- ${[for o in objects : o.name]} || :)
        while IFS=: read -r name password uid gid rest; do gids="$gids $gid"; done <<EOF
        $found
        EOF
        [ -z "$gids" ] || getent group -- $gids || :
      SH
    }
    facts "groups" {
      script = <<-SH
        :
        %{ for o in objects ~}
        %{ if o.groups != null ~}
        emit ${o.name} "$(id -nG -- ${o.name} 2>/dev/null)"
        %{ endif ~}
        %{ endfor ~}
      SH
    }
    gone = !can(facts.passwd[name])
  }
  object = {
    uid     = tonumber(facts.passwd[name].uid)
    group   = can(regex("^[0-9]+$", group)) ? facts.passwd[name].gid : try(facts.primary[facts.passwd[name].gid].name, facts.passwd[name].gid)
    groups  = groups == null ? null : sort([for g in split(" ", trimspace(try(facts.groups[name], ""))) : g if g != "" && g != try(facts.primary[facts.passwd[name].gid].name, "")])
    home    = facts.passwd[name].home
    shell   = facts.passwd[name].shell
    comment = facts.passwd[name].comment
  }

  create {
    script = <<-SH
      if line=$(getent passwd -- ${name}); then
        IFS=: read -r x x uid gid comment home shell <<EOF
      $line
      EOF
        remember uid "$uid"
        remember gid "$gid"
        remember comment "$comment"
        remember home "$home"
        remember shell "$shell"
        own=$(id -ng -- ${name}) further=
        for group in $(id -nG -- ${name}); do
          [ "$group" = "$own" ] || further=$${further:+$further,}$group
        done
        remember groups "$further"
        changed
        usermod -s ${shell} -c ${comment} %{ if config.uid != null }-u ${uid}%{ endif } %{ if config.group != null }-g ${group}%{ endif } %{ if config.home != null }-d ${home}%{ endif } %{ if groups != null }-G ${join(",", groups)}%{ endif } -- ${name}
      else
        %{ if create_home ~}
        %{ if config.home != null ~}
        home=${home}
        %{ else ~}
        home=$(useradd -D | sed -n 's/^HOME=//p')/${name}
        %{ endif ~}
        [ ! -e "$home" ] || remember kept_home "$home"
        %{ endif ~}
        changed
        useradd -s ${shell} -c ${comment} %{ if system }-r%{ endif } %{ if create_home }-m%{ else }-M%{ endif } %{ if config.uid != null }-u ${uid}%{ endif } %{ if config.group != null }-g ${group}%{ endif } %{ if config.home != null }-d ${home}%{ endif } %{ if groups != null }-G ${join(",", groups)}%{ endif } -- ${name}
      fi
    SH
  }
  update {
    attributes = ["uid", "group", "groups", "home", "shell", "comment"]
    script     = <<-SH
      usermod -s ${shell} -c ${comment} -u ${uid} -g ${group} -d ${home} %{ if groups != null }-G ${join(",", groups)}%{ endif } -- ${name}
    SH
  }
  update { attributes = ["create_home"] }
  delete {
    script = <<-SH
      getent passwd -- ${name} >/dev/null || exit 0
      %{ if can(before.uid) ~}
      usermod -u ${before.uid} -g ${before.gid} -c ${before.comment} -d ${before.home} -s ${before.shell} %{ if groups != null }-G ${before.groups}%{ endif } -- ${name}
      %{ else ~}
      userdel %{ if create_home && !can(before.kept_home) }-r%{ endif } -- ${name}
      %{ endif ~}
    SH
  }
}
