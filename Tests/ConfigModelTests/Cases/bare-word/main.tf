output "x" {
  value = hello
}
