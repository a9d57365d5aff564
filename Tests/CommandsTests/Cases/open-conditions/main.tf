variable "v" {}
variable "wanted" { default = "good" }
resource "terraform_data" "a" { input = var.v }
resource "terraform_data" "b" {
  input = 1
  lifecycle {
    precondition {
      condition     = terraform_data.a.output != "bad for b"
      error_message = "a is bad for b."
    }
  }
}
module "part" {
  source = "./part"
  text   = terraform_data.a.output
}
output "text" {
  value = module.part.text
  precondition {
    condition     = terraform_data.a.output != "bad for text"
    error_message = "a is bad for text."
  }
}
check "a" {
  assert {
    condition     = terraform_data.a.output == var.wanted
    error_message = "a should be ${var.wanted}, and is ${terraform_data.a.output}."
  }
}
