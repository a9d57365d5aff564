terraform {
  backend "local" {
    path = "states/a.tfstate"
  }
}

resource "terraform_data" "a" {
  input = "one"
}

output "text" {
  value = terraform_data.a.output
}
