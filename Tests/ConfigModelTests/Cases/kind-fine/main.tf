provider "cloud" {}
provider "cloud" {
  alias = "west"
}
resource "host" "rack" {
  address = "10.0.0.1"
}
resource "web_server" "a" {
  host  = host.rack
  sites = ["x"]
}
resource "web_server" "b" {
  for_each = toset(["x", "y"])
  provider = cloud.west
  sites    = [each.key]
  lifecycle {
    ignore_changes = [sites]
  }
}
output "urls" {
  value = [web_server.a.url, [for s in web_server.b : s.url], web_server.b["x"].url]
}
