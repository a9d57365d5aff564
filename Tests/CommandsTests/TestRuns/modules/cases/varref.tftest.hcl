run "a" {
 variables { name = var.nope }
}
