resource "host" {
  summary   = "A machine that answers SSH. What other resources name by host = host.NAME."
  container = true
  # Deleting it forgets a machine that somebody already had.
  keeps_contents = true
  identity  = ["address", "port"]
  # One machine under two names, found out once both have been reached; images are copied with their machine id, so that alone it says little.
  unique    = ["machine_id", "host_key"]
  # A machine is met when it is made: there is nothing of it to be taken over.
  import = {}

  attributes = {
    address = { type = string, required = true, description = "Name or address to connect to.",
    validation = { condition = length(value) > 0, message = "An address is needed." } }
    port             = { type = number, default = coalesce(setting.port, 22), description = "SSH port." }
    user             = { type = string, optional = true, description = "User to log in as, in place of the provider's." }
    machine          = { type = string, optional = true, container = true, replaces = true, description = "Id of what it runs on, such as a cloud's instance: the host and what is on it go when that goes." }
    host_key         = { type = string, optional = true, computed = true, description = "Key that the host must show: SHA256:… or a public key, one a line. Recorded when the host is made." }
    timeout          = { type = number, default = 300, description = "Seconds to wait for a new machine to answer." }
    id               = { type = string, computed = true, value = try(prior.id, "${address}:${port}"), description = "Names the host for good, however it is reached later." }
    machine_id       = { type = string, computed = true, description = "The system's own identity." }
    hostname         = { type = string, computed = true, description = "Host name." }
    os               = { type = string, computed = true, description = "System, such as debian." }
    os_version       = { type = string, computed = true, description = "Its version, such as 12." }
    kernel           = { type = string, computed = true, description = "Kernel release." }
    architecture     = { type = string, computed = true, description = "Machine, such as x86_64." }
    cpus             = { type = number, computed = true, description = "Processors online." }
    memory_mb        = { type = number, computed = true, description = "Memory in MiB." }
    addresses        = { type = list(string), computed = true, description = "Global addresses of the interfaces." }
    private_address  = { type = string, computed = true, description = "First IPv4 address of the interface that the default route, or else the first interface, has." }
  }

  read {
    # No process is started but stat-like readings of /proc and one ip.
    script = <<-SH
      read -r machine </etc/machine-id || machine=
      emit machine_id "$machine"
      read -r name </proc/sys/kernel/hostname
      emit hostname "$name"
      read -r kernel </proc/sys/kernel/osrelease
      emit kernel "$kernel"
      while IFS='=' read -r key value; do
        value=$${value#\"} value=$${value%\"}
        case $key in ID) emit os "$value";; VERSION_ID) emit os_version "$value";; esac
      done </etc/os-release
      emit architecture "$(uname -m)"
      while read -r key value unit; do
        case $key in MemTotal:) emit memory_mb $((value / 1024)); break;; esac
      done </proc/meminfo
      count=0
      while read -r key rest; do
        case $key in processor) count=$((count + 1));; esac
      done </proc/cpuinfo
      emit cpus "$count"
      list= first=
      if command -v ip >/dev/null; then
        all=$(ip -o addr show scope global 2>/dev/null || :)
        while read -r number device family address rest; do
          [ -n "$address" ] || continue
          list="$list$${address%/*}$nl"
          [ -n "$first" ] || [ "$family" != inet ] || first=$${address%/*}
        done <<EOF
      $all
      EOF
      fi
      emit addresses "$list"
      emit private_address "$first"
    SH
  }
  object = {
    host_key = connection.host_key
  }

  create {
    connect_within = timeout
    script         = ":"
  }
  # How a host is reached is recorded; nothing on it changes.
  update {}
  # The machine stays; what it holds is deleted before, or forgotten with it.
  delete {}
}
