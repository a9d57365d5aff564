variable "name" {
  default = "n"
  validation {
    condition = var.name != "bad"
    error_message = "no bad"
  }
}
variable "num" { 
  type = number
  default = 1
}
resource "terraform_data" "a" {
  input = var.name
  lifecycle {
    precondition {
      condition = var.name != "pre"
      error_message = "pre!"
    }
    postcondition {
      condition = self.output != "post"
      error_message = "post!"
    }
  }
}
check "k" {
  assert {
    condition = var.name != "known"
    error_message = "k said no"
  }
}
output "o" { 
 value = terraform_data.a.output
 precondition {
  condition = var.name != "out"
  error_message = "out!"
 }
}
output "id" { value = terraform_data.a.id }
output "s" {
  value = "sec"
  sensitive = true
}
module "m" { 
 source = "./m2" 
 v = var.name
}
module "cnt" { 
 source = "./m2" 
 count = 2
 v = var.name
}
output "mo" { value = module.m.a }
output "mb" { value = module.m.b }
output "mc" { value = module.cnt[*].a }
resource "terraform_data" "rep" {
  count = 2
  triggers_replace = var.name
}
output "rep" { value = terraform_data.rep[*].id }
