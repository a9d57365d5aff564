# Several firewalls of one host unite: each owns a chain of its own in the table inet ashlar; the base chain jumps to each of them in the order of
# their names and drops what none accepts. It is made with the first and goes with the last. SSH stays open to ssh_from in any case.
resource "host_firewall" {
  summary  = "Accepts what comes in by these rules, beside those of the host's other firewalls; everything else is dropped."
  identity = ["host", "name"]

  attributes = {
    host = { type = host, required = true, replaces = true, description = "Where." }
    name = {
      type        = string
      required    = true
      replaces    = true
      description = "Names its chain; unique on the host."
      validation  = { condition = can(regex("^[a-z0-9_][a-z0-9_-]{0,40}$", value)), message = "A name has small letters, digits, _ and -: ${value}" }
    }
    inbound = {
      type        = list(object({ protocol = string, from_port = number, to_port = number, from = list(string) }))
      required    = true
      description = "What is let in: protocol tcp, udp, icmp or all; ports from and to, null for all; from: addresses or networks, empty for anywhere."
      validation = [
        { condition = alltrue([for r in value : contains(["tcp", "udp", "icmp", "all"], r.protocol)]), message = "A protocol is tcp, udp, icmp or all." },
        { condition = alltrue([for r in value : r.from_port == null || contains(["tcp", "udp"], r.protocol)]), message = "Only tcp and udp have ports." },
        { condition = alltrue(flatten([for r in value : [for a in r.from : can(cidrhost(a, 0)) || can(cidrhost("${a}/32", 0)) || can(cidrhost("${a}/128", 0))]])), message = "from names addresses or networks, such as 10.0.0.1 or 10.0.0.0/8." },
      ]
    }
    ssh_from = {
      type        = list(string)
      default     = []
      unordered   = true
      description = "From where SSH is let in: addresses or networks; from anywhere where it is empty. All firewalls of a host together."
      validation  = { condition = alltrue([for a in value : can(cidrhost(a, 0)) || can(cidrhost("${a}/32", 0)) || can(cidrhost("${a}/128", 0))]), message = "ssh_from names addresses or networks, such as 10.0.0.1 or 10.0.0.0/8." }
    }
    confirm  = { type = number, default = 30, description = "Seconds within which a new connection must come through after a change, or else the old rules come back." }
    rules = {
      type     = list(string)
      computed = true
      value = distinct(flatten([for r in inbound : [for a in length(r.from) == 0 ? ["any"] : r.from : join(" ", compact([
        a == "any" || r.protocol == "icmp" && endswith(a, "/0") ? "" : a == "0.0.0.0/0" ? "meta nfproto ipv4" : a == "::/0" ? "meta nfproto ipv6" :
        !strcontains(a, "/") || endswith(a, strcontains(a, ":") ? "/128" : "/32") ?
        "${strcontains(a, ":") ? "ip6" : "ip"} saddr ${try(cidrhost("${split("/", a)[0]}/${strcontains(a, ":") ? 128 : 32}", 0), a)}" :
        try("${strcontains(a, ":") ? "ip6" : "ip"} saddr ${cidrhost(a, 0)}/${split("/", a)[1]}", a),
        r.protocol == "all" ? "" : r.protocol == "icmp" ? (strcontains(a, ":") ? "meta l4proto ipv6-icmp" : "meta l4proto icmp") :
        r.from_port == null ? "meta l4proto ${r.protocol}" :
        "${r.protocol} dport ${join("-", distinct(compact([r.from_port, r.to_port])))}",
        "accept",
      ]))]]))
      description = "The chain's rules as nftables lists them."
    }
    ssh_port = { type = number, computed = true, value = config.host.port, description = "Port at which SSH is let in: the one the host is reached at." }
    in_force = {
      type        = bool
      computed    = true
      progress    = true
      value       = true
      description = "Whether the host lets in what its firewalls say and nothing else, now and after it starts anew: the whole table, its files and its unit are as they were left."
    }
  }

  read {
    facts "chains" {
      script = <<-SH
        ruleset=$(nft -s list table inet ashlar 2>/dev/null || :)
        chain= rules=
        while IFS= read -r line; do
          line=$${line#"$${line%%[! 	]*}"}
          case $line in
            "chain fw-"*) chain=$${line#chain fw-} chain=$${chain%" {"} rules=;;
            "}") [ -z "$chain" ] || { emit "$chain" "$rules"; chain=; };;
            *) [ -z "$chain" ] || rules=$rules$line$nl;;
          esac
        done <<EOF
        $ruleset
        EOF
      SH
    }
    # What has been confirmed last is on the host; what it is now is looked at in the same way.
    facts "force" {
      script = <<-SH
        ${fragment.standing}
        if [ "$(standing)" = "$(cat /etc/ashlar/firewall/.standing 2>/dev/null)" ]; then emit all yes; fi
      SH
    }
    gone = !can(facts.chains[name])
  }
  object = {
    rules    = compact(split("\n", facts.chains[name]))
    in_force = can(facts.force.all)
  }

  create {
    stdin  = join("\n", concat(rules, [""]))
    script = <<-SH
      command -v nft >/dev/null || fail "nftables is not installed"
      umask 077
      dir=/etc/ashlar/firewall
      stage=$(mktemp -d /run/ashlar-firewall.XXXXXX)
      at_exit 'rm -rf -- "$stage"'
      mkdir "$stage/new"
      [ ! -d "$dir" ] || cp -a "$dir"/. "$stage/new"
      cat >"$stage/new"/${name}.rules
      %{ if length(ssh_from) > 0 ~}
      printf '%s\n' ${ssh_from} >"$stage/new"/${name}.ssh
      %{ else ~}
      printf 'any\n' >"$stage/new"/${name}.ssh
      %{ endif ~}
      # Where the host is now reached at another port, the old one stays open until somebody has come in by the new one.
      port=${ssh_port}
      printf '%s\n' "$port" | cat - "$stage/new"/.port 2>/dev/null | sort -u >"$stage/ports"
      mv -f -- "$stage/ports" "$stage/new"/.port
      cat >"$stage/new"/.build <<'BUILD'
      # Prints the table of all firewalls of this host.
      cd "$${1:-/etc/ashlar/firewall}" || exit 1
      printf 'table inet ashlar\ndelete table inet ashlar\n'
      set -- *.rules
      [ -e "$1" ] || exit 0
      printf 'table inet ashlar {\n'
      for file in "$@"; do
        printf 'chain fw-%s {\n' "$${file%.rules}"
        cat "$file"
        printf '}\n'
      done
      printf 'chain input {\ntype filter hook input priority filter; policy drop;\n'
      printf 'ct state established,related accept\niif "lo" accept\n'
      printf 'icmpv6 type { nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } accept\n'
      cat *.ssh | sort -u | while read -r from; do
        while read -r port; do
          case $from in
            any) printf 'tcp dport %s accept\n' "$port";;
            *:*) printf 'ip6 saddr %s tcp dport %s accept\n' "$from" "$port";;
            *) printf 'ip saddr %s tcp dport %s accept\n' "$from" "$port";;
          esac
        done <.port
      done
      for file in "$@"; do printf 'jump fw-%s\n' "$${file%.rules}"; done
      printf '}\n}\n'
      BUILD
      sh "$stage/new"/.build "$stage/new" >"$stage/nft"
      nft -c -f "$stage/nft" || fail "nftables refuses these rules"
      # What is there now, to come back to.
      printf 'table inet ashlar\ndelete table inet ashlar\n' >"$stage/old"
      nft -s list table inet ashlar >>"$stage/old" 2>/dev/null || :
      arm ${confirm} "nft -f $(word "$stage/old")"
      changed
      nft -f "$stage/nft"
      confirm
      if [ "$(cat "$stage/new"/.port)" != "$port" ]; then
        printf '%s\n' "$port" >"$stage/new"/.port
        sh "$stage/new"/.build "$stage/new" | nft -f -
      fi
      # On disk, and so there after a reboot, is only what has proven itself.
      mkdir -p "$dir"
      for file in .build .port ${name}.ssh ${name}.rules; do mv -f -- "$stage/new/$file" "$dir/$file"; done
      if [ -d /run/systemd/system ]; then
        cat >/etc/systemd/system/ashlar-firewall.service <<'UNIT'
      [Unit]
      Description=Firewalls of this host
      Wants=network-pre.target
      Before=network-pre.target
      DefaultDependencies=no
      [Service]
      Type=oneshot
      RemainAfterExit=yes
      ExecStart=/bin/sh -c 'sh /etc/ashlar/firewall/.build | nft -f -'
      [Install]
      WantedBy=sysinit.target
      UNIT
        chmod 0644 /etc/systemd/system/ashlar-firewall.service
        systemctl daemon-reload
        systemctl -q enable ashlar-firewall.service
      fi
      ${fragment.standing}
      standing >"$dir/.standing"
    SH
  }
  update { same_as = "create" }
  delete {
    script = <<-SH
      dir=/etc/ashlar/firewall
      umask 077
      stage=$(mktemp -d /run/ashlar-firewall.XXXXXX)
      at_exit 'rm -rf -- "$stage"'
      mkdir "$stage/new"
      [ ! -d "$dir" ] || cp -a "$dir"/. "$stage/new"
      rm -f -- "$stage/new"/${name}.rules "$stage/new"/${name}.ssh
      set -- "$stage/new"/*.rules
      if [ -e "$1" ] && [ -e "$stage/new"/.build ]; then
        # Others stay, and may not let in what this one did.
        sh "$stage/new"/.build "$stage/new" >"$stage/nft"
        printf 'table inet ashlar\ndelete table inet ashlar\n' >"$stage/old"
        nft -s list table inet ashlar >>"$stage/old" 2>/dev/null || :
        arm ${confirm} "nft -f $(word "$stage/old")"
        nft -f "$stage/nft"
        confirm
      fi
      rm -f -- "$dir"/${name}.rules "$dir"/${name}.ssh
      set -- "$dir"/*.rules
      if [ ! -e "$1" ]; then
        # Also where somebody removed the files and left the table.
        ! nft list table inet ashlar >/dev/null 2>&1 || nft delete table inet ashlar
        if [ -e /etc/systemd/system/ashlar-firewall.service ]; then
          systemctl -q disable ashlar-firewall.service || :
          rm -f /etc/systemd/system/ashlar-firewall.service
          systemctl daemon-reload
        fi
        rm -rf -- "$dir"
        rmdir /etc/ashlar 2>/dev/null || :
      else
        ${fragment.standing}
        standing >"$dir/.standing"
      fi
    SH
  }
}

# All that decides what the host lets in, now and after it starts anew.
fragment "standing" {
  script = <<-SH
    standing() {
      nft -s list table inet ashlar 2>&1 || :
      ( cd /etc/ashlar/firewall && sha256sum .build .port *.rules *.ssh ) 2>&1 || :
      [ ! -d /run/systemd/system ] || { sha256sum /etc/systemd/system/ashlar-firewall.service; systemctl is-enabled ashlar-firewall.service; } 2>&1 || :
    }
  SH
}

resource "host_nftables_table" {
  summary  = "A whole nftables table, checked by nft and replaced in one step. For rules that host_firewall cannot say."
  identity = ["host", "family", "name"]
  # FAMILY NAME, as nft lists them.
  import = {
    family = regex("^([a-z]+) (.+)$", import_id)[0]
    name   = regex("^([a-z]+) (.+)$", import_id)[1]
  }

  attributes = {
    host = { type = host, required = true, replaces = true, description = "Where." }
    family = {
      type        = string
      default     = "inet"
      replaces    = true
      description = "inet, ip, ip6, arp, bridge or netdev."
      validation  = { condition = contains(["inet", "ip", "ip6", "arp", "bridge", "netdev"], value), message = "A family is inet, ip, ip6, arp, bridge or netdev." }
    }
    name = {
      type        = string
      required    = true
      replaces    = true
      description = "Name of the table."
      validation  = { condition = can(regex("^[A-Za-z_][A-Za-z0-9_.-]*$", value)) && value != "ashlar", message = "Not a name for a table of one's own: ${value}" }
    }
    content = {
      type        = string
      required    = true
      description = "What stands between the table's braces, as nft reads it."
      # What is left when quotes and comments are gone, as nft knows them: the table would end early with a brace too many, and what comes
      # after it would be neither read nor put back. Pairs of braces are taken out from the inside, eight deep, which is deeper than nft goes.
      validation = [
        {
          condition = !can(regex("\"", replace(value, "/\"[^\"]*\"|#[^\n]*/", "")))
          message   = "A quote in the content does not end."
        },
        {
          condition = !can(regex("[{}]", replace(replace(replace(replace(replace(replace(replace(replace(replace(value, "/\"[^\"]*\"|#[^\n]*/", ""), "/[{][^{}]*[}]/", ""), "/[{][^{}]*[}]/", ""), "/[{][^{}]*[}]/", ""), "/[{][^{}]*[}]/", ""), "/[{][^{}]*[}]/", ""), "/[{][^{}]*[}]/", ""), "/[{][^{}]*[}]/", ""), "/[{][^{}]*[}]/", "")))
          message   = "The content's braces do not match: it has to stay within the table's own."
        },
        {
          condition = !can(regex("(^|[^A-Za-z0-9_./-])include([^A-Za-z0-9_./-]|$)", replace(value, "/\"[^\"]*\"|#[^\n]*/", "")))
          message   = "Nothing can be included in the content, since it has to stay within the table: write it out, or use file()."
        },
      ]
    }
    confirm = { type = number, default = 30, description = "Seconds within which a new connection must come through after a change, or else the old table comes back." }
    listing = { type = string, computed = true, recompute = ["content"], description = "The table as nftables lists it." }
  }

  read {
    script = <<-SH
      now=$(nft -s list table ${family} ${name} 2>/dev/null) || gone
      emit listing "$now"
    SH
  }
  # nftables writes tables its own way: the content is as recorded as long as the listing is.
  object = {
    content = emitted.listing == listing || listing == null ? content : emitted.listing
    listing = listing == null ? emitted.listing : listing
  }

  create {
    stdin  = content
    script = <<-SH
      umask 077
      new=$(mktemp /run/ashlar-table.XXXXXX)
      old=$(mktemp /run/ashlar-table.XXXXXX)
      at_exit 'rm -f -- "$new" "$old"'
      printf 'table %s %s\ndelete table %s %s\n' ${family} ${name} ${family} ${name} | tee "$new" >"$old"
      if was=$(nft -s list table ${family} ${name} 2>/dev/null); then
        printf '%s\n' "$was" >>"$old"
        %{ if prior == null ~}
        remember table "$was"
        %{ endif ~}
      fi
      { printf 'table %s %s {\n' ${family} ${name}; cat; printf '\n}\n'; } >>"$new"
      nft -c -f "$new"
      arm ${confirm} "nft -f $(word "$old")"
      changed
      nft -f "$new"
      confirm
    SH
  }
  update {
    attributes = ["content"]
    same_as    = "create"
  }
  update { attributes = ["confirm"] }
  delete {
    stdin  = try(before.table, "")
    script = <<-SH
      %{ if can(before.table) ~}
      { printf 'table %s %s\ndelete table %s %s\n' ${family} ${name} ${family} ${name}; cat; } | nft -f -
      %{ else ~}
      ! nft list table ${family} ${name} >/dev/null 2>&1 || nft delete table ${family} ${name}
      %{ endif ~}
    SH
  }
}
