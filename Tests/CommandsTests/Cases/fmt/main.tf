variable "a" {
type=string
}
