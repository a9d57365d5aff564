variables { name = upper("abc") }
run "a" {
 variables { num = length([1,2]) }
 assert {
  condition = output.o == "ABC" && var.num == 2
  error_message = "x ${output.o}"
 }
}
