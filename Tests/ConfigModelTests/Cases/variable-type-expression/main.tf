variable "a" {
  type = 1 + 2
}
