output "x" {
  value = "a ${var.nope} b"
}
