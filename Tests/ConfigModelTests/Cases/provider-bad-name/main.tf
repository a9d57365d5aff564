provider "Terra form" {
}
