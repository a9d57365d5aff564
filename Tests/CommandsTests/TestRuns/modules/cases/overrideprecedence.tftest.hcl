mock_provider "terraform" {
  mock_resource "terraform_data" { 
    defaults = { id = "default" }
  }
  override_resource {
    target = terraform_data.a
    values = { id = "provider" }
  }
}
override_resource {
  target = terraform_data.a
  values = { id = "file" }
}
run "file" {
  assert {
    condition = output.id == "file"
    error_message = "id ${output.id}"
  }
}
run "run" {
  override_resource {
    target = terraform_data.a
    values = { id = "run" }
  }
  assert {
    condition = output.id == "file"
    error_message = "id ${output.id}"
  }
}
run "default" {
  assert {
    condition = output.rep[0] == "default"
    error_message = "id ${output.id}"
  }
}
