variable "a" {
  nullable = "yes"
}
