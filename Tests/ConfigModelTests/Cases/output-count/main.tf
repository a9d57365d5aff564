output "x" {
  value = count.index
}
