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
    version = { type = string, optional = true, computed = true, recompute = ["broken"], description = "Exact version; whatever is installed or the newest there is by default." }
    masked = {
      type        = list(string)
      optional    = true
      description = "Paths that the package would fill by itself when it is installed, and is kept from by links to /dev/null, which go with it. Left alone where the package was there before."
      validation  = { condition = alltrue([for path in value : can(regex("^/[^[:cntrl:]]*[^[:cntrl:]/]$", path))]), message = "What is masked is an absolute path." }
    }
    purge   = { type = bool, default = true, description = "Whether its configuration goes with it." }
    broken  = { type = string, computed = true, progress = true, value = null, description = "State in which dpkg has left it, such as half-configured; null where it is installed. The next apply makes it good." }
  }

  read {
    facts "dpkg" {
      columns   = ["name", "status", "version"]
      separator = "\t"
      script    = <<-SH
        dpkg-query -W -f '$${Package}\t$${db:Status-Status}\t$${Version}\n' ${[for o in objects : o.name]} 2>/dev/null || :
      SH
    }
    # What comes along is installed first: an install that was cut off may have left all of that, and nothing of the package itself.
    facts "unsettled" {
      script = "emit_unsettled"
    }
    gone = contains(["", "not-installed", "config-files"], try(facts.dpkg[name].status, "")) && !can(facts.unsettled["package-${name}"])
  }
  object = {
    version = try(facts.dpkg[name].version == "" ? null : facts.dpkg[name].version, null)
    broken  = try(facts.dpkg[name].status, "") != "installed" ? try(facts.dpkg[name].status, "not-installed") : can(facts.unsettled["package-${name}"]) ? "unfinished" : null
  }

  create {
    timeout = 1800
    script  = <<-SH
      ${fragment.apt}
      ready
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
      ${fragment.had}
      # What comes along is known even if this does not come to its end.
      were=$(present)
      case $now in "installed "*) ;; *) remember were "$were";; esac
      changed
      unsettled ${"package-${name}"}
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
      $apt --no-install-recommends --allow-downgrades install "$@" >&2 || {
        status=$?
        %{ if masked == null ~}
        [ "$(present)" != "$were" ] || { settled ${"package-${name}"}; unchanged; }
        %{ endif ~}
        exit "$status"
      }
      came=
      for package in $(present); do
        case "$nl$were$nl" in
          *"$nl$package$nl"*) ;;
          *) [ "$package" = ${name} ] || came="$came $package";;
        esac
      done
      remember were ""
      remember came "$came"
      settled ${"package-${name}"}
    SH
  }
  update {
    attributes = ["version", "broken"]
    timeout    = 1800
    script     = <<-SH
      ${fragment.apt}
      ready
      set -- ${config.version == null ? name : "${name}=${version}"}
      ${fragment.had}
      changed
      $apt --no-install-recommends --allow-downgrades install "$@" >&2
      settled ${"package-${name}"}
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
      ${fragment.apt}
      ready
      installed() { case $nl$(present)$nl in *"$nl$1$nl"*) ;; *) return 1;; esac; }
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
      %{ if lookup(before, "were", "") != "" ~}
      # Its create did not come to its end.
      were=${before.were}
      for package in $(present); do
        case "$nl$were$nl" in *"$nl$package$nl"*) ;; *) ours="$ours $package";; esac
      done
      %{ endif ~}
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
      [ -n "$ours" ] || { settled ${"package-${name}"}; exit 0; }
      # What is merely recommended or suggested by others was missing before as well.
      # Nor does it count that a package has itself kept from being removed so (as PostgreSQL's do): it came with ours.
      conf=$(umask 077; mktemp)
      at_exit 'rm -f -- "$conf"'
      printf '%s\n' '#clear APT::NeverAutoRemove;' 'APT::NeverAutoRemove { "^linux-"; "^firmware-linux"; };' >"$conf"
      unneeded=$(going -c "$conf" -o APT::AutoRemove::RecommendsImportant=false -o APT::AutoRemove::SuggestsImportant=false autoremove) drop=
      for package in $ours; do
        case " $unneeded " in *" $package "*) drop="$drop $package";; esac
      done
      # apt takes what it is told to remove, and cannot, for wanted.
      [ -z "$drop" ] || $apt ${purge ? "purge" : "remove"} $drop >&2 || { status=$?; apt-mark -q auto $drop >&2; exit "$status"; }
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
      settled ${"package-${name}"}
    SH
  }
}

fragment "apt" {
  script = <<-SH
    export DEBIAN_FRONTEND=noninteractive
    apt="apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold"
    # Waits until nobody is just installing what is looked at, and makes good where somebody was cut off while he was.
    # dpkg goes on under a lock of its own when apt is gone.
    busy() {
      for lock in lock-frontend lock; do
        lock=$(stat -c %i "/var/lib/dpkg/$lock" 2>/dev/null) || continue
        if grep -q "POSIX .*:$lock " /proc/locks; then return 0; fi
      done
      return 1
    }
    ready() {
      tries=0
      while busy; do
        [ $tries -lt 300 ] || fail "something else has held the lock of the packages for 300 seconds"
        tries=$((tries + 1))
        sleep 1
      done
      [ -z "$(ls /var/lib/dpkg/updates 2>/dev/null)" ] || dpkg --force-confdef --force-confold --configure -a >&2 || :
      torn=$(dpkg-query -W -f '$${db:Status-Eflag} $${Package}\n' | sed -n 's/^reinstreq //p')
      [ -n "$torn" ] || return 0
      # Cut off while it was unpacked: only unpacking it again mends it. Who asked for it stays as it was.
      auto=$(apt-mark showauto $torn)
      $apt --reinstall install $torn >&2 || :
      [ -z "$auto" ] || apt-mark -q auto $auto >&2
    }
    # Packages that are there, even if only half.
    present() { dpkg-query -W -f '$${db:Status-Status} $${Package}\n' | while read -r status package; do case $status in not-installed|config-files) ;; *) printf '%s\n' "$package";; esac; done; }
  SH
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
