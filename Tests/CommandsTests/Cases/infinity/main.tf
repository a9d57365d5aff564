variable "divisor" {
  default = 0
}
resource "terraform_data" "a" {
  input = { ratio = [1, -1 / var.divisor] }
}
resource "time_sleep" "b" {
  create_duration = "0s"
  triggers        = { ratio = 1 / var.divisor }
}
output "ratio" {
  value = { a = pow(10, 400 / (1 + var.divisor)) }
}
output "fine" {
  value = 1 / var.divisor > 3
}
