resource "web_server" "a" {
  provider = cloud
  sites    = []
}
import {
  to = web_server.a.terraform_data.server
  id = "x"
}
