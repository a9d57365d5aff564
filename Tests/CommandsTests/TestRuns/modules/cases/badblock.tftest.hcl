foo {}
run "a" { 
  bar = 1
  baz {}
}
