variables { name = "a" }
variables { name = "b" }
run "p" { }
