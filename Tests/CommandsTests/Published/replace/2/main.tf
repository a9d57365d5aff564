resource "terraform_data" "a" {
  input            = "a"
  triggers_replace = { version = 2 }
}
resource "terraform_data" "first" {
  input            = terraform_data.a.id
  triggers_replace = "two"
  lifecycle {
    create_before_destroy = true
  }
}
resource "terraform_data" "reader" {
  input = terraform_data.first.id
}
resource "terraform_data" "triggered" {
  input = "u"
  lifecycle {
    replace_triggered_by = [terraform_data.reader.input]
    ignore_changes       = [input]
  }
}
