provider "cloud" {
  alias = "west"
}
resource "web_server" "a" {
  provider = cloud.west
  sites    = []
}
moved {
  from = web_server.b
  to   = web_server.a
}
