# What a condition is about is not known while all of it goes: none is decided.
resource "terraform_data" "a" { input = timestamp() }
module "part" {
  source = "./part"
  text   = terraform_data.a.output
}
output "text" {
  value = module.part.text
  precondition {
    condition     = module.part.text != ""
    error_message = "There is no text."
  }
}
check "a" {
  assert {
    condition     = terraform_data.a.output != ""
    error_message = "There is no text."
  }
}
