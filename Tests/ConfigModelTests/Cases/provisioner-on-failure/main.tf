resource "terraform_data" "a" {
  provisioner "local-exec" {
    command    = "x"
    on_failure = ignore
  }
}
