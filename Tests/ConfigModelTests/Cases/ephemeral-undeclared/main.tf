output "x" {
  value = ephemeral.terraform_x.a.id
}
