variable "a" {
  type = foo
}
