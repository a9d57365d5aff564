# What "ready" means is asked on the host itself, with what every Debian host has: bash, coreutils and sha256sum.
resource "host_probe" {
  unique  = ["host", "claim"]
  summary = "Waits until something on the host really works: a port answers, a page is served, a command succeeds. Asked again with every plan; what no longer works is shown as drift, and the next apply waits for it once more."
  import = {}

  attributes = {
    host     = { type = host, required = true, replaces = true, description = "From where it is asked." }
    name     = { type = string, required = true, description = "What is waited for, in words: it stands in the message when it does not come." }
    address  = { type = string, default = "127.0.0.1", description = "Address or name that is connected to." }
    port     = { type = number, optional = true, description = "TCP port that is connected to.", validation = { condition = value >= 1 && value <= 65535, message = "A port is 1 to 65535." } }
    path     = { type = string, optional = true, description = "Path that is asked for over HTTP, on that port; the answer's status must be 200 to 399. Without it a connection is enough.", validation = { condition = can(regex("^/[^\\s]*$", value)), message = "A path begins with / and has no blanks." } }
    sha256   = { type = string, optional = true, description = "SHA-256 of the page that must be served, hexadecimal." }
    command  = { type = string, optional = true, description = "Shell command that must succeed, in place of a port." }
    input    = { type = string, optional = true, sensitive = true, description = "Standard input of the command: the place for a password." }
    timeout  = { type = number, default = 60, description = "Seconds to wait; a command has as many for itself, and at most 50 where a plan looks whether it still works." }
    triggers = { type = list(string), optional = true, description = "It is waited again when any of these changes: the sha256 of configuration files, as a rule." }
    claim    = { type = string, optional = true, description = "What it stands for alone on the host, such as \"TCP port 80\": a plan in which two probes of a host claim one thing is refused." }
    ready    = { type = bool, computed = true, value = true, description = "Whether it works." }
  }
  validation = [
    { condition = (port == null) != (command == null), message = "Either port or command says what is asked." },
    { condition = command == null || (path == null && sha256 == null), message = "path and sha256 go with port." },
    { condition = sha256 == null || path != null, message = "sha256 goes with path." },
  ]

  read {
    # All probes of a host at once: one that hangs holds up none of the others, and the plan for no longer than it takes.
    facts "answers" {
      columns = ["key", "answer"]
      script  = <<-SH
        http='exec 3<>"/dev/tcp/$1/$2" || exit 1
        [ -n "$3" ] || exit 0
        printf "GET %s HTTP/1.0\r\nHost: %s\r\nConnection: close\r\n\r\n" "$3" "$1" >&3
        IFS=" " read -r version status rest <&3
        case $status in 2??|3??) ;; *) exit 1;; esac
        [ -n "$4" ] || exit 0
        while IFS= read -r line <&3; do case $line in ""|$'"'\\r'"') break;; esac; done
        read -r sum rest <<<"$(cat <&3 | sha256sum)"
        [ "$sum" = "$4" ]'
        %{ for o in objects ~}
        {
          %{ if o.command != null ~}
          if printf %s ${secret(o.input == null ? "" : o.input)} | timeout ${min(o.timeout, 50)} sh -c ${o.command} >/dev/null 2>&1; then answer=yes; else answer=no; fi
          %{ else ~}
          if timeout 3 bash -c "$http" probe ${o.address} ${o.port} ${o.path == null ? "" : o.path} ${o.sha256 == null ? "" : o.sha256} >/dev/null 2>&1 </dev/null; then answer=yes; else answer=no; fi
          %{ endif ~}
          printf '%s %s\n' ${sha256(jsonencode([o.name, o.address, o.port, o.path, o.sha256, o.command]))} "$answer"
        } &
        %{ endfor ~}
        wait
      SH
    }
  }
  object = { ready = facts.answers[sha256(jsonencode([name, address, port, path, sha256, command]))].answer == "yes" }

  create {
    timeout = timeout + 30
    stdin   = input == null ? "" : input
    script  = <<-SH
      input=$(cat; printf x) input=$${input%x}
      http='exec 3<>"/dev/tcp/$1/$2" || exit 1
      [ -n "$3" ] || exit 0
      printf "GET %s HTTP/1.0\r\nHost: %s\r\nConnection: close\r\n\r\n" "$3" "$1" >&3
      IFS=" " read -r version status rest <&3
      case $status in 2??|3??) ;; *) printf "the answer is %s %s\n" "$status" "$rest"; exit 1;; esac
      [ -n "$4" ] || exit 0
      while IFS= read -r line <&3; do case $line in ""|$'"'\\r'"') break;; esac; done
      read -r sum rest <<<"$(cat <&3 | sha256sum)"
      [ "$sum" = "$4" ] || { printf "another page is served, with SHA-256 %s\n" "$sum"; exit 1; }'
      seconds=${timeout}
      read -r until rest </proc/uptime
      until=$(( $${until%.*} + seconds ))
      while :; do
        %{ if command != null ~}
        if said=$(printf %s "$input" | timeout ${timeout} sh -c ${command} 2>&1); then exit 0; fi
        %{ else ~}
        if said=$(timeout 5 bash -c "$http" probe ${address} ${port} ${path == null ? "" : path} ${sha256 == null ? "" : sha256} 2>&1 </dev/null); then exit 0; fi
        %{ endif ~}
        read -r now rest </proc/uptime
        [ "$${now%.*}" -lt "$until" ] || break
        sleep 0.2
      done
      fail ${name} "is not there after" ${timeout} "seconds:" "$said"
    SH
  }
  update {
    attributes = ["name", "address", "port", "path", "sha256", "command", "input", "triggers", "ready"]
    same_as    = "create"
  }
  update { attributes = ["timeout", "claim"] }
  delete {}
}
