variable "status" {
  default = 0
}

resource "terraform_data" "a" {
  input = "x"

  provisioner "local-exec" {
    command = "echo made ${self.output}; echo to the other stream >&2"
  }

  provisioner "local-exec" {
    command    = "echo this one does not matter; exit 9"
    on_failure = continue
  }

  provisioner "local-exec" {
    command     = "echo $GREETING from $(basename $PWD); exit ${var.status}"
    interpreter = ["/bin/sh", "-c"]
    working_dir = path.module
    environment = { GREETING = "hello" }
    quiet       = true
  }
}

resource "terraform_data" "reader" {
  input = terraform_data.a.output
}
