run "a" {
  variables { name = "one" }
}
run "b" {
  variables { name = "two" }
  plan_options { mode = refresh-only }
  assert {
    condition = output.o == "one"
    error_message = "o ${output.o}"
  }
}
