variable "a" {
  type = "object"
}
