resource "web_server" "a" {
  provider = cloud
  sites    = []
  lifecycle {
    ignore_changes = [sitse]
  }
}
