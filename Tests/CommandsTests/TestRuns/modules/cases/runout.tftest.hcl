run "z" {}
run "a" {
 variables { name = run.z.nope }
}
