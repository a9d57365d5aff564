# A saved plan holds what was read, and no ephemeral value.
variable "token" {
  type      = string
  ephemeral = true
}

variable "name" {
  type    = string
  default = "copy"
}

data "local_file" "note" {
  filename = "note.txt"
}

resource "local_file" "copy" {
  filename = "${var.name}.txt"
  content  = data.local_file.note.content

  lifecycle {
    precondition {
      condition     = length(var.token) > 3
      error_message = "The token is too short."
    }
  }
}
