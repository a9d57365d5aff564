resource "host" "machine" {
  address = var.host
}

resource "web_server" "behind" {
  host  = host.machine
  sites = [{ name = "a", port = 8081 , content = { "index.html" = "a" } }, { name = "b", port = 8082, content = { "index.html" = "b" } }]
}

resource "load_balancer" "it" {
  host         = host.machine
  listen       = { port = 80, protocol = "http" }
  backends     = [for name in var.changed ? ["a", "b"] : ["a"] : web_server.behind.endpoints[name]]
  health_check = { path = "/", interval = 1, rise = 1, fall = 2 }
}

output "it" {
  value = load_balancer.it
}
