variable "a" {
  type = "list"
}
