resource "terraform_data" "a" {
  input = "a"
  triggers_replace = 1
}
resource "terraform_data" "b" {
  input = {
    known   = "k"
    id      = terraform_data.a.id
    list    = ["x", terraform_data.a.id, { deep = terraform_data.a.id, flat = 1 }]
    set     = toset([terraform_data.a.id])
    map     = tomap({ one = terraform_data.a.id, two = "2" })
    nothing = null
  }
  triggers_replace = [terraform_data.a.output]
}
resource "terraform_data" "c" {
  input = jsonencode({ id = terraform_data.a.id })
}
output "nested" { value = { known = 1, id = terraform_data.b.output } }
output "list" { value = [1, terraform_data.a.id] }
output "text" { value = "x ${terraform_data.a.id}" }
