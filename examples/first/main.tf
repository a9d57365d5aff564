# The smallest thing that can be planned, applied, changed and destroyed: no machine, no account.

variable "greeting" {
  type    = string
  default = "Good morning"
}

resource "random_pet" "guest" {
  length = 2
}

resource "local_file" "card" {
  filename = "${path.module}/card.txt"
  content  = "${var.greeting}, ${title(random_pet.guest.id)}!\n"
}

output "card" {
  value = local_file.card.content
}
