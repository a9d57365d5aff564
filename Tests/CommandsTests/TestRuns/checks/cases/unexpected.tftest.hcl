run "unexpected" {
  variables { name = "known" }
}
run "unexpected2" {
  variables { name = "chk" }
}
