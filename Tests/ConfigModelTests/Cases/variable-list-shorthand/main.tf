variable "a" {
  type    = list
  default = ["a", 1]
}
