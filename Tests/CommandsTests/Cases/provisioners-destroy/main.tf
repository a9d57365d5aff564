variable "status" {
  default = 0
}

variable "revision" {
  default = 1
}

resource "terraform_data" "counted" {
  count            = 2
  triggers_replace = var.revision
  input            = "${count.index}: ${var.status}"

  provisioner "local-exec" {
    when    = destroy
    command = "echo ${count.index} goes, that was ${self.input}; exit ${split(": ", self.input)[1]}"
  }
}

resource "terraform_data" "first" {
  triggers_replace = var.revision

  lifecycle {
    create_before_destroy = true
  }

  provisioner "local-exec" {
    command = "echo comes"
  }

  provisioner "local-exec" {
    when    = destroy
    command = "echo goes"
  }
}

resource "terraform_data" "careless" {
  provisioner "local-exec" {
    when       = destroy
    on_failure = continue
    command    = "echo fails and does not matter; exit 1"
  }
}
