resource "terraform_data" "p" {
  lifecycle { prevent_destroy = true }
}
resource "terraform_data" "q" { input = 1 }
