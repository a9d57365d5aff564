run "a" { 
 assert { 
  condition = output.o
  error_message = "x"
 }
}
run "b" {}
