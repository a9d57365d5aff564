variable "host" {
  description = "Address of the machine that this folder has to itself."
  type        = string
  default     = null
}
variable "key" {
  type    = string
  default = "/nowhere"
}
variable "known_hosts" {
  type    = string
  default = null
}
variable "network" {
  description = "The network of the machines, such as 10.0.0.0/24."
  type        = string
  default     = "10.255.0.0/24"
}
variable "aws" {
  description = "Where AWS's API answers, and a region of one's own."
  type        = object({ endpoint = string, region = string })
  default     = { endpoint = "http://127.0.0.1:9", region = "us-east-1" }
}
variable "lxd" {
  type    = object({ address = string, client_certificate = string, client_key = string, server_certificate = string })
  default = { address = "https://127.0.0.1:9", client_certificate = "", client_key = "", server_certificate = "" }
}
variable "changed" {
  type    = bool
  default = false
}

provider "host" {
  user        = "root"
  private_key = var.key
  known_hosts = var.known_hosts
}
provider "aws" {
  region     = var.aws.region
  access_key = "testing"
  secret_key = "testing"
  endpoint   = var.aws.endpoint
}
provider "lxd" {
  address            = var.lxd.address
  client_certificate = var.lxd.client_certificate
  client_key         = var.lxd.client_key
  server_certificate = var.lxd.server_certificate
}
