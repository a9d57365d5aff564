terraform {
  backand "local" {}
}
