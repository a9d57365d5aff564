resource "aws_vpc" "unknown" {
  cidr_blok = "10.0.0.0/16"
}
resource "aws_subnet" "missing" {
  cidr_block = "10.0.0.0/24"
}
resource "aws_vpc" "type" {
  cidr_block         = "10.0.0.0/16"
  enable_dns_support = "perhaps"
  tags               = "web"
}
resource "aws_security_group" "block" {
  ingres {
    protocol = "tcp"
  }
}
resource "aws_security_group" "inner" {
  ingress {
    protocol  = "tcp"
    from_port = "http"
    to_port   = 80
    cidr      = ["0.0.0.0/0"]
  }
}
resource "aws_vcp" "x" {}
resource "aws_subnet" "reference" {
  vpc_id     = aws_vpc.unknwon.id
  cidr_block = "10.0.0.0/24"
}
data "aws_amis" "x" {}
resource "lxd_network_acl" "name" {
  name = "1st"
}
resource "lxd_network_acl" "rule" {
  name    = "rule"
  ingress = [{ action = "permit" }]
}
resource "lxd_network_acl" "port" {
  name    = "port"
  ingress = [{ action = "allow", destination_port = "99999" }]
}
resource "lxd_network_acl" "object" {
  name    = "object"
  ingress = [{ acton = "allow" }]
}
resource "lxd_instance" "missing" {
  nam = "x"
}
resource "lxd_instanze" "x" {}
provider "lxd" {
  adress = "https://127.0.0.1:1"
}
provider "aws" {
  region = ["a"]
}
