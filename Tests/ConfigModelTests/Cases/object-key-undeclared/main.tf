output "x" {
  value = { (local.nope) = 1 }
}
