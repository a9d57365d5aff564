resource "web_server" "a" {
  sites = []
}
