resource "host_package" {
  summary  = "A Debian package, installed by apt. Several may claim one; it goes when the last does, with what came along with it, if it was not there before."
  identity = ["host", "name"]
  shared   = true

  attributes = {
    host = { type = host, required = true, replaces = true, description = "Where." }
    name = {
      type        = string
      required    = true
      replaces    = true
      description = "Name of the package."
      validation  = { condition = can(regex("^[a-z0-9][a-z0-9+.-]+$", value)), message = "Not a package's name: ${value}" }
    }
    version = { type = string, optional = true, computed = true, description = "Exact version; whatever is installed or the newest there is by default." }
    purge   = { type = bool, default = true, description = "Whether its configuration goes with it." }
  }

  read {
    facts "dpkg" {
      columns   = ["name", "status", "version"]
      separator = "\t"
      script    = <<-SH
        dpkg-query -W -f '$${Package}\t$${db:Status-Status}\t$${Version}\n' ${[for o in objects : o.name]} 2>/dev/null || :
      SH
    }
    gone = try(facts.dpkg[name].status, "") != "installed"
  }
  object = { version = facts.dpkg[name].version }

  create {
    timeout = 1800
    script  = <<-SH
      export DEBIAN_FRONTEND=noninteractive
      now=$(dpkg-query -W -f '$${db:Status-Status} $${Version}' ${name} 2>/dev/null || :)
      case $now in
        "installed "*) remember version "$${now#installed }";;
      esac
      %{ if config.version != null ~}
      [ "$now" != "installed "${version} ] || exit 0
      %{ else ~}
      case $now in "installed "*) exit 0;; esac
      %{ endif ~}
      set -- ${config.version == null ? name : "${name}=${version}"}
      apt="apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold"
      before=$(dpkg-query -W -f '$${Package}:$${db:Status-Status}\n')
      # Lists may be old, or never fetched; what is still not to be had then fails before anything is changed.
      $apt -s --no-install-recommends --allow-downgrades install "$@" >/dev/null 2>&1 || {
        $apt update >&2
        $apt -s --no-install-recommends --allow-downgrades install "$@" >/dev/null
      }
      changed
      $apt --no-install-recommends --allow-downgrades install "$@" >&2
      came=
      for package in $(dpkg-query -W -f '$${Package}:$${db:Status-Status}\n'); do
        case $package in
          *:installed) ;;
          *) continue;;
        esac
        case "$nl$before$nl" in
          *"$nl$package$nl"*) ;;
          *) [ "$${package%:installed}" = ${name} ] || came="$came $${package%:installed}";;
        esac
      done
      remember came "$came"
    SH
  }
  update {
    attributes = ["version"]
    timeout    = 1800
    script     = <<-SH
      export DEBIAN_FRONTEND=noninteractive
      apt="apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold"
      set -- ${"${name}=${version}"}
      $apt -s --no-install-recommends --allow-downgrades install "$@" >/dev/null 2>&1 || {
        $apt update >&2
        $apt -s --no-install-recommends --allow-downgrades install "$@" >/dev/null
      }
      changed
      $apt --no-install-recommends --allow-downgrades install "$@" >&2
    SH
  }
  update { attributes = ["purge"] }
  delete {
    timeout = 1800
    script  = <<-SH
      %{ if !can(before.version) ~}
      export DEBIAN_FRONTEND=noninteractive
      apt="apt-get -q -y -o DPkg::Lock::Timeout=300"
      case $(dpkg-query -W -f '$${db:Status-Status}' ${name} 2>/dev/null || :) in
        ""|not-installed) exit 0;;
      esac
      $apt ${purge ? "purge" : "remove"} ${name} >&2
      %{ if lookup(before, "came", "") != "" ~}
      # What came along goes too, as far as nobody has asked for it since and nothing else that is installed needs it.
      wanted=" $(apt-mark showmanual | tr '\n' ' ')"
      mine=" "
      for package in ${compact(split(" ", before.came))}; do
        case $(dpkg-query -W -f '$${db:Status-Status}' "$package" 2>/dev/null || :) in installed) ;; *) continue;; esac
        case $wanted in *" $package "*) ;; *) mine="$mine$package ";; esac
      done
      takes_others() {
        $apt -s purge "$@" 2>/dev/null | {
          while read -r word package rest; do
            case $word in Remv|Purg) ;; *) continue;; esac
            case $mine in *" $${package%%:*} "*) ;; *) echo "$package"; break;; esac
          done
        }
      }
      drop=
      if [ "$mine" != " " ]; then
        if [ -z "$(takes_others $mine)" ]; then
          drop=$mine
        else
          for package in $mine; do
            [ -n "$(takes_others "$package")" ] || drop="$drop $package"
          done
        fi
      fi
      [ -z "$drop" ] || $apt ${purge ? "purge" : "remove"} $drop >&2
      %{ endif ~}
      %{ else ~}
      :
      %{ endif ~}
    SH
  }
}
