terraform {
  backend "local" {
    pth = "x"
  }
}
