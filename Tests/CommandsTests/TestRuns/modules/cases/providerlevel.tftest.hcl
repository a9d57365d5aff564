mock_provider "terraform" {
  override_resource {
    target = terraform_data.a
    values = { id = "provider" }
  }
  override_module {
    target = module.m
    outputs = { a = "o" }
  }
}
run "a" {
  assert {
    condition = output.id == "provider" && output.mo == "o"
    error_message = "id ${output.id} ${output.mo}"
  }
}
