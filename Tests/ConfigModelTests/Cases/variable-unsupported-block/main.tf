variable "a" {
  thing {}
}
