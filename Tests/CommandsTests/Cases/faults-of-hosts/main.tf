resource "host" "a" {
  address = "192.0.2.1"
  prot    = 22
}
resource "host_file" "type" {
  host    = "a"
  path    = "/etc/motd"
  content = ["x"]
}
resource "host_file" "missing" {
  path = "/etc/motd"
}
resource "host_file" "validation" {
  host = host.b
  path = "etc/motd"
}
resource "host_file" "mode" {
  host = host.ok
  path = "/etc/motd"
  mode = "rw-r--r--"
}
resource "host_fiel" "x" {
  host = host.ok
}
resource "host_service" "block" {
  host = host.ok
  name = "nginx"
  timeout {
    create = "5s"
  }
}
resource "host_file" "reserved" {
  host   = host.ok
  path   = "/etc/motd2"
  sha256 = "abc"
}
resource "host_file" "twice" {
  host = host.ok
  path = "/etc/motd3"
  path = "/etc/motd4"
}
resource "host_service" "reference" {
  host       = host.ok
  name       = "nginx"
  restart_on = [host_file.mode.sha265]
}
resource "host" "ok" {
  address = "192.0.2.2"
}
provider "host" {
  usr = "root"
}
