resource "web_server" "a" {
  provider = cloud
  stes     = []
  sites    = []
}
