resource "web_server" "a" {
  provider = cloud
  sites {}
}
