variable "seconds" {
  default = 0
}

resource "terraform_data" "a" {
  provisioner "local-exec" {
    command = "touch started; sleep ${var.seconds}; touch late"
  }
}
