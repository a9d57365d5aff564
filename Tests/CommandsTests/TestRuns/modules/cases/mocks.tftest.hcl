mock_provider "terraform" { 
  alias = "m"
  mock_resource "terraform_data" {
    defaults = { id = "five", output = "o" }
  }
}
mock_provider "terraform" { 
  mock_resource "terraform_data" {
    defaults = { id = "x" }
  }
}
run "a" { 
  providers = { terraform = terraform.m }
  assert {
    condition = output.id == "five" && output.o == "o"
    error_message = "rep ${jsonencode(output.rep)} ${output.o}"
  }
}
run "b" { 
  variables { name = "b" }
  assert {
    condition = output.id == "five" && output.o == "o"
    error_message = "rep ${jsonencode(output.rep)} ${output.o}"
  }
}
