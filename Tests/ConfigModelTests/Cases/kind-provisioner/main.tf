resource "web_server" "a" {
  provider = cloud
  sites    = []
  provisioner "local-exec" {
    command = "x"
  }
}
