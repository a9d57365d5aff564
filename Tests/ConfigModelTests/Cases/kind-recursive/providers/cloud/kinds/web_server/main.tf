resource "web_server" "inner" {
  provider = cloud
}
output "url" {
  value = web_server.inner.url
}
