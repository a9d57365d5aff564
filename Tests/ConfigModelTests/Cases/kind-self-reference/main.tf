resource "web_server" "a" {
  provider = cloud
  sites    = [web_server.a.url]
}
