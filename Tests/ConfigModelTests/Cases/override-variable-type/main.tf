variable "v" {
  type    = string
  default = "abc"
}
