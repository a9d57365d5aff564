module "shared" {
  source = "../shared"
}

resource "terraform_data" "t" {
  input = module.shared.value
}

output "value" {
  value = terraform_data.t.output
}
