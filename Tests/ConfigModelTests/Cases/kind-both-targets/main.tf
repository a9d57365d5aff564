resource "host" "rack" {}
resource "web_server" "a" {
  host     = host.rack
  provider = cloud
  sites    = []
}
