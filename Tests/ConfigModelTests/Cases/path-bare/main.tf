output "x" {
  value = path
}
