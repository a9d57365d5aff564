output "value" {
  value = "from ${basename(path.module)}"
}
