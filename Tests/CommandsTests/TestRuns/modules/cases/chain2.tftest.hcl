run "a" {
  variables { name = "one" }
}
run "b" {
  variables { name = "${run.a.o}-two" }
  assert {
    condition = output.o == "one-two" && run.a.o == "one" && terraform_data.a.output == "one-two"
    error_message = "o ${output.o}"
  }
}
run "c" {
  command = plan
  plan_options { target = [terraform_data.rep] }
}
run "d" {
  command = plan
  plan_options { replace = [terraform_data.a] }
  assert {
    condition = output.o == "x"
    error_message = "o"
  }
}
