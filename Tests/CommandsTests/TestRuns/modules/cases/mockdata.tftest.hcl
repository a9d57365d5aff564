mock_provider "terraform" {}
run "a" {
  assert {
    condition = length(output.id) == 8 && output.o == null
    error_message = "id ${output.id}"
  }
}
run "b" {
  variables { name = "b" }
  assert {
    condition = output.id == run.a.id && output.o == null
    error_message = "id ${output.id}"
  }
}
