mock_provider "terraform" { 
  override_during = plan
  mock_resource "terraform_data" {
    defaults = { id = "planned" }
  }
}
run "a" { 
  command = plan
  assert {
    condition = output.id == "planned"
    error_message = "rep ${output.id}"
  }
}
