output "x" {
  value = uper("x")
}
