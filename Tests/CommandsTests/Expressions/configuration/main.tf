resource "terraform_data" "u" {
  input = "x"
}
resource "terraform_data" "list" {
  count = 1
}
locals {
  us   = terraform_data.u.id
  ud   = terraform_data.u.output
  ub   = terraform_data.u.id == "zzz"
  un   = length(split("-", terraform_data.u.id))
  ul   = split("-", terraform_data.u.id)
  um   = { for k in ["k"] : k => terraform_data.u.id if terraform_data.u.id == "q" }
  uset = toset(split("-", terraform_data.u.id))
  s    = sensitive("secret")
  ss   = sensitive(["a", "b"])
  tpl  = "Hello $${name}!"
  tpl2 = "%%{ for x in [1,2] }$${name}$${x}%%{ endfor }"
}
