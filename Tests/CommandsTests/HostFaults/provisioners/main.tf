variable "address" {}
variable "keys" {}
variable "known_hosts" {}

variable "status" {
  default = 0
}

resource "terraform_data" "site" {
  input = {
    host = var.address
    key  = file("${var.keys}/id_ed25519")
  }

  connection {
    host        = self.input.host
    user        = "deploy"
    private_key = self.input.key
    timeout     = "30s"
  }

  provisioner "file" {
    source      = "site/"
    destination = "/home/deploy/site"
  }

  provisioner "file" {
    content     = "it's ${self.input.host}\n"
    destination = "/home/deploy/site/note"
  }

  provisioner "remote-exec" {
    inline = [
      "cd ~/site && find . -type f | sort",
      "cat note; echo $(id -un) >&2",
      "exit ${var.status}",
    ]
  }

  provisioner "remote-exec" {
    when   = destroy
    inline = ["rm -r ~/site && echo taken away"]
  }
}
