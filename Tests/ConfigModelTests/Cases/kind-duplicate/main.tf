resource "web_server" "a" {
  provider = cloud
  sites    = []
}
resource "web_server" "a" {
  provider = cloud
  sites    = []
}
