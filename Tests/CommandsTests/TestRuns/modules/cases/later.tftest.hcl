run "a" { 
 variables { name = run.b.o } 
}
run "b" {}
