output "x" {
  value = [terraform.workspace, path.root, path.module, path.cwd]
}
