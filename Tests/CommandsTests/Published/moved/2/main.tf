resource "terraform_data" "new" { input = "x" }
resource "terraform_data" "single" {
  for_each = toset(["only"])
  input    = "y"
}
resource "terraform_data" "changed" { input = "zz" }
module "after" {
  source = "./part"
  count  = 1
}
moved {
  from = terraform_data.old
  to   = terraform_data.new
}
moved {
  from = terraform_data.single
  to   = terraform_data.single["only"]
}
moved {
  from = terraform_data.changes
  to   = terraform_data.changed
}
moved {
  from = module.before
  to   = module.after[0]
}
