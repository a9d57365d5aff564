variable "x" {
  default = ""
}
resource "terraform_data" "a" {
  provisioner "local-exec" {
    when    = destroy
    command = var.x
  }
}
