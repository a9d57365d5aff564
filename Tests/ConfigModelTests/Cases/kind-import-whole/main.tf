resource "web_server" "a" {
  provider = cloud
  sites    = []
}
import {
  to = web_server.a
  id = "x"
}
