variable "a" {
  type = bag(string)
}
