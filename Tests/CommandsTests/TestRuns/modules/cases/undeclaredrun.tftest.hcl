run "a" {
 variables { name = run.zz.o }
}
