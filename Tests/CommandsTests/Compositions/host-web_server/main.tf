resource "host" "machine" {
  address = var.host
}

resource "web_server" "it" {
  host  = host.machine
  sites = [
    { name = "one", port = 8081, content = { "index.html" = var.changed ? "<h1>Two</h1>" : "<h1>One</h1>", "css/a.css" = "a {}" } },
    { name = "bare", port = 8082 },
  ]
}

output "it" {
  value = web_server.it
}
