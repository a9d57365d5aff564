variable "on" {
  type = bool
}

resource "terraform_data" "t" {
  input = "x"

  lifecycle {
    enabled = var.on
  }
}

module "m" {
  source = "./m"

  lifecycle {
    enabled = var.on
  }
}

output "values" {
  value = [var.on ? terraform_data.t.input : "off", try(module.m.value, "off")]
}
