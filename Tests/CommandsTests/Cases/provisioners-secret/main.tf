variable "secret" {
  default   = "hunter2"
  sensitive = true
}

variable "passing" {
  default   = "hunter3"
  ephemeral = true
}

resource "terraform_data" "a" {
  provisioner "local-exec" {
    command     = "echo $PASSWORD"
    environment = { PASSWORD = var.secret }
  }

  provisioner "local-exec" {
    command = "echo ${var.passing}"
  }

  provisioner "local-exec" {
    command = "echo ${var.secret}; exit 1"
  }
}
