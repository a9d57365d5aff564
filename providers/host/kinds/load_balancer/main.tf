# haproxy, as a service of its own for each port, so that several of them, and a haproxy that was there before, do not know of each other.

locals {
  name = "haproxy-${var.listen.port}"
  http = var.listen.protocol == "http"
  check = "check inter ${var.health_check.interval}s fastinter 500ms rise ${var.health_check.rise} fall ${var.health_check.fall}"
  # Why a backend is not healthy, asked over the running haproxy's own socket; perl is on every Debian host.
  states = <<-EOT
    perl -MIO::Socket::UNIX -e '
      my $s = IO::Socket::UNIX->new("/run/${local.name}/socket") or die "haproxy does not answer: $!\n";
      print $s "show stat -1 4 -1\n";
      my ($seen, @bad) = (0);
      while (<$s>) {
        my @f = split /,/;
        next if /^#/ or @f < 18;
        $seen++;
        push @bad, "$f[1] is $f[17]" if $f[17] ne "UP";
      }
      die "backends are not healthy: @bad\n" if @bad;
      die "haproxy knows $seen backends, not ${length(var.backends)}\n" if $seen != ${length(var.backends)};
    '
  EOT
}

resource "host_package" "haproxy" {
  host = var.host
  name = "haproxy"
}

resource "host_file" "config" {
  host     = var.host
  path     = "/etc/haproxy/${local.name}.cfg"
  validate = "haproxy -c -q -f \"$candidate\""
  content = join("\n", concat(
    [
      "global",
      "    user haproxy",
      "    group haproxy",
      "    log /dev/log local0",
      "    stats socket /run/${local.name}/socket mode 600 level user",
      "",
      "defaults",
      "    log global",
      "    mode ${var.listen.protocol}",
      "    option ${local.http ? "httplog" : "tcplog"}",
      "    option dontlognull",
      "    option redispatch",
      "    retries 3",
      "    timeout connect 3s",
      "    timeout client 60s",
      "    timeout server 60s",
      "    timeout http-request 10s",
      "",
      "frontend public",
      "    bind :::${var.listen.port} v4v6",
      "    default_backend members",
      "",
      "backend members",
      "    balance roundrobin",
    ],
    # A request goes to another backend where the first refuses the connection: nothing was done with it.
    local.http ? ["    option forwardfor", "    retry-on conn-failure"] : [],
    var.health_check.path == null ? [] : ["    option httpchk GET ${var.health_check.path}", "    http-check expect status 200-399"],
    [for b in var.backends : "    server ${replace(replace(b, "/[\\[\\]]/", ""), ":", "_")} ${b} ${local.check}"],
    [""],
  ))

  depends_on = [host_package.haproxy]
}

resource "host_file" "unit" {
  host    = var.host
  path    = "/etc/systemd/system/${local.name}.service"
  reload  = "systemctl daemon-reload"
  content = <<-EOT
    [Unit]
    Description=Load balancer on port ${var.listen.port}
    Wants=network-online.target
    After=network-online.target

    [Service]
    Type=notify
    RuntimeDirectory=${local.name}
    ExecStartPre=/usr/sbin/haproxy -c -q -f ${host_file.config.path}
    ExecStart=/usr/sbin/haproxy -Ws -f ${host_file.config.path} -p /run/${local.name}/pid
    ExecReload=/usr/sbin/haproxy -c -q -f ${host_file.config.path}
    ExecReload=/bin/kill -USR2 $MAINPID
    KillMode=mixed
    Restart=always
    SuccessExitStatus=143

    [Install]
    WantedBy=multi-user.target
  EOT
}

resource "host_service" "haproxy" {
  host       = var.host
  name       = local.name
  running    = true
  enabled    = true
  reload     = true
  restart_on = [host_file.config.sha256, host_file.unit.sha256]

  depends_on = [host_file.config, host_file.unit]

  lifecycle {
    principal = true
  }
}

# Ready: it accepts connections, and all of its backends are healthy.
resource "host_probe" "port" {
  host     = var.host
  name     = "the load balancer on port ${var.listen.port}"
  port     = var.listen.port
  claim    = "TCP port ${var.listen.port}"
  triggers = host_service.haproxy.restart_on
}

resource "host_probe" "backends" {
  host     = var.host
  name     = "the load balancer's set of healthy backends"
  command  = local.states
  triggers = host_service.haproxy.restart_on

  depends_on = [host_probe.port]
}

output "endpoint" {
  value      = "${var.host.address}:${var.listen.port}"
  depends_on = [host_probe.backends]
}

output "address" {
  value      = var.host.address
  depends_on = [host_probe.backends]
}

output "host" {
  value      = var.host
  depends_on = [host_probe.backends]
}
