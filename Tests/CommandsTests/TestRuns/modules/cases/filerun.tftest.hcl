variables { name = run.a.o }
run "a" {
}
