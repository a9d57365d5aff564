variable "secret" {
  default   = "hidden"
  sensitive = true
}

output "text" { value = "a \"q\" $${x}\t\u001b[31m" }
output "lines" { value = "one\ntwo\n" }
output "number" { value = 12.5 }
output "list" { value = tolist(["b", "a"]) }
output "set" { value = toset(["b", "a"]) }
output "map" { value = tomap({ a = 1, "b c" = 2 }) }
output "object" { value = { a = null, b = [true, { c = "x\ny" }], d = {} } }
output "secret" {
  value     = var.secret
  sensitive = true
}
