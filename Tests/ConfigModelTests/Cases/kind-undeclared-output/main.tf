resource "web_server" "a" {
  provider = cloud
  sites    = []
}
output "x" {
  value = web_server.a.urll
}
