resource "web_server" "a" {
  count    = 2
  provider = cloud
  sites    = []
}
output "x" {
  value = web_server.a.url
}
