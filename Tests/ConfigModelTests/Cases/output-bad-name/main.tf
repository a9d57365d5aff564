output "1x" {
  value = 1
}
