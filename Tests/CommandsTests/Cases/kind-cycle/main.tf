resource "host" "a" { address = "10.61.0.1" }
resource "web_server" "w" {
  host  = host.a
  sites = [{ name = "s", port = 8090, content = { "index.html" = load_balancer.l.address } }]
}
resource "load_balancer" "l" {
  host     = host.a
  listen   = { port = 88 }
  backends = [web_server.w.endpoints["s"]]
}
