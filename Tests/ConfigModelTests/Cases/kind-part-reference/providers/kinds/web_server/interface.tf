variable "host" {
  description = "The machine it goes on."
  default     = null
}
variable "sites" {
  description = "Names of sites."
  type        = list(string)
  key         = true
}
output "url" {
  description = "Where the first site is served."
}
