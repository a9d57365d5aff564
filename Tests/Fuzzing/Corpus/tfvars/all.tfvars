s = "x"
n = 1e3
l = ["a", 1, true]
o = {
  x = 5
  y = { a = ["b", "b"] }
}
any = <<EOT
  text
EOT
secret = "p"
