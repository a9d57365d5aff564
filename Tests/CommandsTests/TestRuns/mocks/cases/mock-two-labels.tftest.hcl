mock_provider "terraform" {
  mock_resource "a" "b" {
  }
}
run "a" {
  assert {
    condition     = output.id == "p"
    error_message = "It is ${output.id}."
  }
}
