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
    masked = {
      type        = list(string)
      optional    = true
      description = "Paths that the package would fill by itself when it is installed, and is kept from by links to /dev/null, which go with it. Left alone where the package was there before."
      validation  = { condition = alltrue([for path in value : can(regex("^/[^[:cntrl:]]*[^[:cntrl:]/]$", path))]), message = "What is masked is an absolute path." }
    }
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
      released=/var/lib/ashlar/released-packages
      case $now in
        "installed "*)
          if [ -e "$released" ] && grep -qxF -- ${name} "$released"; then
            # Let go of before, and only still there because another package needs it: ours again.
            sed -i "/^"${replace(name, ".", "[.]")}"\$/d" "$released"
            remember came ""
            changed
            apt-mark -q manual ${name} >&2
          else
            remember version "$${now#installed }"
            case $(apt-mark showauto ${name}) in
              ?*)
                remember auto yes
                changed
                apt-mark -q manual ${name} >&2;;
            esac
          fi;;
      esac
      %{ if config.version != null ~}
      [ "$now" != "installed "${version} ] || exit 0
      %{ else ~}
      case $now in "installed "*) exit 0;; esac
      %{ endif ~}
      set -- ${config.version == null ? name : "${name}=${version}"}
      apt="apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold"
      before=$(dpkg-query -W -f '$${Package}:$${db:Status-Status}\n')
      ${fragment.had}
      changed
      %{ if masked != null ~}
      # Beforehand, or its service would start with it. Over a package that is there in another version nothing is masked.
      case $now in "installed "*) ;; *)
        for path in ${masked}; do
          if [ -e "$path" ] || [ -L "$path" ]; then continue; fi
          mkdir -p -- "$${path%/*}"
          ln -s /dev/null "$path"
        done;;
      esac
      %{ endif ~}
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
      ${fragment.had}
      changed
      $apt --no-install-recommends --allow-downgrades install "$@" >&2
    SH
  }
  update { attributes = ["purge"] }
  update {
    attributes = ["masked"]
    script     = <<-SH
      %{ if !can(before.version) ~}
      for path in ${coalesce(masked, [])}; do
        # What somebody has put there is theirs: only links are what packages make.
        if [ -L "$path" ] || [ ! -e "$path" ]; then ln -sfT /dev/null "$path"; fi
      done
      %{ endif ~}
    SH
  }
  delete {
    timeout = 1800
    script  = <<-SH
      export DEBIAN_FRONTEND=noninteractive
      apt="apt-get -q -y -o DPkg::Lock::Timeout=300"
      installed() { [ "$(dpkg-query -W -f '$${db:Status-Status}' "$1" 2>/dev/null || :)" = installed ]; }
      going() { $apt -s "$@" 2>/dev/null | while read -r word package rest; do case $word in Remv|Purg) printf '%s ' "$package";; esac; done; }
      released=/var/lib/ashlar/released-packages
      %{ if can(before.version) ~}
      # It was there before, and stays.
      ours=
      %{ if can(before.auto) ~}
      ! installed ${name} || apt-mark -q auto ${name} >&2
      %{ endif ~}
      %{ else ~}
      ours=${join(" ", concat([name], compact(split(" ", lookup(before, "came", "")))))}
      case $(dpkg-query -W -f '$${db:Status-Status}' ${name} 2>/dev/null || :) in
        ""|not-installed) ;;
        *)
          # Other packages that need it are not taken along: it stays for as long as they do.
          needed=
          for package in $(going ${purge ? "purge" : "remove"} ${name}); do
            case " $ours " in *" $package "*) ;; *) needed=yes;; esac
          done
          if [ -n "$needed" ]; then apt-mark -q auto ${name} >&2; else $apt ${purge ? "purge" : "remove"} ${name} >&2; fi;;
      esac
      %{ endif ~}
      %{ if masked != null && !can(before.version) ~}
      for path in ${masked}; do
        [ "$(readlink -- "$path")" != /dev/null ] || rm -f -- "$path"
        rmdir -p --ignore-fail-on-non-empty -- "$${path%/*}" 2>/dev/null || :
      done
      %{ endif ~}
      # What came along, or was let go of before, goes if nothing needs it any more.
      [ ! -e "$released" ] || ours="$ours $(cat "$released")"
      [ -n "$ours" ] || exit 0
      # What is merely recommended or suggested by others was missing before as well.
      unneeded=$(going -o APT::AutoRemove::RecommendsImportant=false -o APT::AutoRemove::SuggestsImportant=false autoremove) drop=
      for package in $ours; do
        case " $unneeded " in *" $package "*) drop="$drop $package";; esac
      done
      [ -z "$drop" ] || $apt ${purge ? "purge" : "remove"} $drop >&2
      left=
      for package in $ours; do
        if installed "$package"; then left=$left$package$nl; fi
      done
      if [ -n "$left" ]; then
        mkdir -p /var/lib/ashlar
        printf %s "$left" | sort -u >"$released"
      else
        rm -f "$released"
        rmdir /var/lib/ashlar 2>/dev/null || :
      fi
    SH
  }
}

fragment "had" {
  script = <<-SH
    # Lists may be old, or never fetched; what is still not to be had then fails before anything is changed.
    $apt -s --no-install-recommends --allow-downgrades install "$@" >/dev/null 2>&1 || {
      $apt update >&2
      $apt -s --no-install-recommends --allow-downgrades install "$@" >/dev/null
    }
  SH
}
