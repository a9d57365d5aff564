variable "name" {
  default = ""
}
