resource "web_server" "a" {
  provider = other
  sites    = []
}
