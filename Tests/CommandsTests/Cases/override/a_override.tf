resource "terraform_data" "a" {
  input            = "overridden ${lower("WELL")}"
  triggers_replace = upper("overridden too")
}
