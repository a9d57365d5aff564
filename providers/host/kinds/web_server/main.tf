# nginx. Each site is a server of its own in /etc/nginx/conf.d with its files below /var/www.

locals {
  sites = { for s in var.sites : s.name => s }
  files = merge([for s in var.sites : { for path, text in s.content : "${s.name}/${path}" => text }]...)
  # The page that says that a site is served: its index, or else its first file, if it has any.
  pages = { for s in var.sites : s.name => contains(keys(s.content), "index.html") ? "index.html" : try(keys(s.content)[0], null) }
  # Each site's folder, and those within it that hold files.
  folders = toset(concat(keys(local.sites), flatten([
    for path in keys(local.files) : [for n in range(2, length(split("/", path))) : join("/", slice(split("/", path), 0, n))]
  ])))
}

resource "host_package" "nginx" {
  host = var.host
  name = "nginx-light"
  # Debian's own site would take port 80, which nobody has asked for.
  masked = ["/etc/nginx/sites-enabled/default"]
}

resource "host_service" "nginx" {
  host    = var.host
  name    = "nginx"
  running = true
  enabled = true
  # Where nginx runs with Debian's site until that is masked.
  restart_on = host_package.nginx.masked
}

resource "host_directory" "folder" {
  for_each = local.folders
  host     = var.host
  path     = "/var/www/${each.key}"

  depends_on = [host_package.nginx]
}

resource "host_file" "content" {
  for_each = local.files
  host     = var.host
  path     = "/var/www/${each.key}"
  content  = each.value

  depends_on = [host_directory.folder]
}

resource "host_file" "site" {
  for_each = local.sites
  host     = var.host
  path     = "/etc/nginx/conf.d/${each.key}.conf"
  # Every Host header is meant, so that the site goes before a default site on the same port.
  content = <<-EOT
    server {
        listen ${each.value.port};
        listen [::]:${each.value.port};
        server_name "" "~^";
        root /var/www/${each.key};
        index index.html;
        server_tokens off;
        access_log /var/log/nginx/${each.key}.access.log;
    }
  EOT
  # By itself while it is a candidate, and once more with everything else that nginx is told.
  validate = "printf 'events {}\\nhttp { include %s; }\\n' \"$candidate\" >\"$candidate.nginx\"; trap 'rm -f -- \"$candidate.nginx\"' EXIT; nginx -t -q -c \"$candidate.nginx\""
  check    = "nginx -t -q"
  reload   = "systemctl reload-or-restart nginx"

  depends_on = [host_service.nginx, host_directory.folder]

  lifecycle {
    principal = true
  }
}

# Ready: every site's page comes, byte for byte.
resource "host_probe" "page" {
  for_each = local.sites
  host     = var.host
  name     = "the page of site ${each.key}"
  port     = each.value.port
  claim    = "TCP port ${each.value.port}"
  path     = local.pages[each.key] == null ? null : local.pages[each.key] == "index.html" ? "/" : "/${urlencode(local.pages[each.key])}"
  sha256   = local.pages[each.key] == null ? null : host_file.content["${each.key}/${local.pages[each.key]}"].sha256
  triggers = [host_file.site[each.key].sha256]

  depends_on = [host_file.site, host_file.content]
}

output "endpoints" {
  value      = { for s in var.sites : s.name => "${var.host.address}:${s.port}" }
  depends_on = [host_probe.page]
}

output "host" {
  value      = var.host
  depends_on = [host_probe.page]
}
