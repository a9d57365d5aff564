override_resource {
  target = aws_vpc.main
  values = { id = "vpc-overridden" }
}
override_resource {
  target = aws_subnet.a
}
provider "aws" {
  region     = "us-east-1"
  access_key = "a"
  secret_key = "b"
}
run "overridden" {
  assert {
    condition     = output.note == "vpc-overridden"
    error_message = "The note is ${output.note}."
  }
}
