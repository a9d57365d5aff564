variable "size" {
  type    = number
  default = "x"
}
output "url" {
  description = "Where it is."
}
