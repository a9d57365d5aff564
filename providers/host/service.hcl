resource "host_service" {
  summary  = "A systemd unit's state. Several may claim one; when the last goes, the unit is as it was before."
  identity = ["host", "name"]
  shared   = true

  attributes = {
    host = { type = host, required = true, replaces = true, description = "Where." }
    name = {
      type        = string
      required    = true
      replaces    = true
      description = "Name of the unit; .service is understood."
      validation  = rule.unit
    }
    running    = { type = bool, optional = true, description = "Whether it runs. Left alone where not given." }
    enabled    = { type = bool, optional = true, description = "Whether it starts with the machine. Left alone where not given." }
    restart_on = { type = list(string), optional = true, description = "It is restarted, once, when any of these changes: the sha256 of its configuration files, as a rule." }
    reload     = { type = bool, default = false, description = "Whether a change of restart_on reloads instead of restarting, where the unit can." }
  }

  read {
    facts "units" {
      columns = ["name", "load", "active", "state"]
      script  = <<-SH
        set -- ${[for o in objects : o.name]}
        systemctl show -p LoadState,ActiveState,UnitFileState -- "$@" </dev/null | {
          load= active= state=
          while [ $# -gt 0 ]; do
            IFS='=' read -r key value || { key=; [ -n "$load" ] || break; }
            case $key in
              LoadState) load=$value;;
              ActiveState) active=$value;;
              UnitFileState) state=$value;;
              '') printf '%s %s %s %s\n' "$1" "$load" "$active" "$${state:--}"; shift; load= active= state=;;
            esac
          done
        }
      SH
    }
    gone = contains(["", "not-found"], try(facts.units[name].load, ""))
  }
  object = {
    running = running == null ? null : contains(["active", "activating", "reloading"], facts.units[name].active)
    enabled = enabled == null ? null : startswith(facts.units[name].state, "enabled")
  }

  create {
    script = <<-SH
      ${fragment.tell}
      systemctl show -p LoadState -- ${name} | grep -q '^LoadState=loaded$' || { systemctl daemon-reload; systemctl cat -- ${name} >/dev/null; }
      if systemctl -q is-active -- ${name}; then was=yes; else was=no; fi
      remember active "$was"
      if state=$(systemctl is-enabled -- ${name} 2>/dev/null); then :; fi
      remember state "$${state:-}"
      changed
      %{ if enabled != null ~}
      systemctl -q ${enabled ? "enable" : "disable"} -- ${name}
      %{ endif ~}
      %{ if running != null ~}
      tell ${running ? "start" : "stop"} -- ${name}
      %{ endif ~}
      %{ if restart_on != null && running != false ~}
      # It ran before its files were there: Debian starts what it installs.
      [ "$was" = no ] || tell ${reload ? "reload-or-restart" : "restart"} -- ${name}
      %{ endif ~}
    SH
  }
  update {
    attributes = ["enabled", "running"]
    script     = <<-SH
      ${fragment.tell}
      %{ if enabled != null ~}
      systemctl -q ${enabled ? "enable" : "disable"} -- ${name}
      %{ endif ~}
      %{ if running != null ~}
      tell ${running ? "start" : "stop"} -- ${name}
      %{ endif ~}
    SH
  }
  update {
    attributes = ["restart_on"]
    when       = running != false
    script     = <<-SH
      ${fragment.tell}
      tell ${reload ? "reload-or-restart" : "restart"} -- ${name}
    SH
  }
  update { attributes = ["reload"] }
  delete {
    script = <<-SH
      systemctl cat -- ${name} >/dev/null 2>&1 || exit 0
      # Somebody has masked it meanwhile: it stays as they want it.
      case $(systemctl is-enabled -- ${name} 2>/dev/null || :) in masked*) exit 0;; esac
      %{ if enabled != null ~}
      %{ if contains(["enabled", "disabled"], lookup(before, "state", "")) ~}
      systemctl -q ${before.state == "enabled" ? "enable" : "disable"} -- ${name}
      %{ endif ~}
      %{ endif ~}
      %{ if running != null ~}
      systemctl ${lookup(before, "active", "yes") == "yes" ? "start" : "stop"} -- ${name}
      %{ endif ~}
    SH
  }
}

fragment "tell" {
  script = <<-SH
    # Why a unit does not start is in the journal alone.
    tell() { systemctl "$@" || { status=$?; journalctl -u ${name} -n 10 --no-pager -o cat >&2 || :; return "$status"; }; }
  SH
}
