# Functions of providers go by the names that the module has given the providers.
terraform {
  required_providers {
    tf    = { source = "terraform.io/builtin/terraform" }
    time  = { source = "hashicorp/time" }
    files = { source = "hashicorp/local" }
  }
}

locals {
  text = "region = \"x\"\ncount = 1 + 2\nnested = { list = [1, null, true] }\n"
}

output "decoded" {
  value = provider::tf::decode_tfvars(local.text)
}

output "round" {
  value = provider::tf::encode_tfvars(provider::tf::decode_tfvars(local.text))
}

output "expression" {
  value = provider::tf::encode_expr({ a = [1, "b"] })
}

output "moment" {
  value = provider::time::rfc3339_parse("2023-07-25T23:43:16-08:00")
}

output "unix" {
  value = provider::time::unix_timestamp_parse(1690328596).rfc3339
}

output "duration" {
  value = provider::time::duration_parse("1h30m")
}

output "exists" {
  value = [provider::files::direxists(path.module), provider::files::direxists("${path.module}/nope")]
}

output "can" {
  value = [can(provider::tf::nope("x")), can(provider::time::duration_parse("x"))]
}
