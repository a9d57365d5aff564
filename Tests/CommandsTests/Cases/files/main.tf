resource "random_password" "p" {
  length  = 12
  special = false
}
resource "local_file" "f" {
  filename = "out/hello.txt"
  content  = templatefile("hello.tftpl", { who = "world" })
}
resource "local_sensitive_file" "s" {
  filename = "out/secret"
  content  = random_password.p.result
}
