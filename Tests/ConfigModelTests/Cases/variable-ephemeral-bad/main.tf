variable "a" {
  ephemeral = 3
}
