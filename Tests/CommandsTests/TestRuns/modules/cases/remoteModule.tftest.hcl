run "a" {
  module { source = "./alt" }
  assert {
    condition = output.x == 1
    error_message = "x"
  }
}
run "b" {
  module { source = "./m2" }
  variables { v = run.a.x }
  assert {
    condition = output.a == 1
    error_message = "x"
  }
}
run "c" {
  variables { name = "${run.b.a}${run.a.x}" }
  assert {
    condition = output.o == "11"
    error_message = "x"
  }
}
