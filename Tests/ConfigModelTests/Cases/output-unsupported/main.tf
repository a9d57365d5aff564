output "x" {
  value = 1
  type  = string
}
