variables { zz = "a" }
run "p" { 
 variables { zzz = 1 } 
}
