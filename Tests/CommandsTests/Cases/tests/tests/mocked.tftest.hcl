mock_provider "aws" {
  mock_resource "aws_vpc" {
    defaults = { id = "vpc-made-up" }
  }
}

run "planned" {
  command = plan
  assert {
    condition     = aws_subnet.a.cidr_block == "10.0.1.0/24"
    error_message = "The subnet is ${aws_subnet.a.cidr_block}."
  }
}

run "applied" {
  assert {
    condition     = output.vpc == "vpc-made-up" && output.note == "vpc-made-up"
    error_message = "The VPC is ${output.vpc}, the note ${output.note}."
  }
  assert {
    condition     = length(aws_subnet.a.id) == 8
    error_message = "The subnet is ${aws_subnet.a.id}."
  }
}

run "wrong" {
  variables { cidr = "10.1.0.0/16" }
  assert {
    condition     = aws_vpc.main.cidr_block == var.cidr && run.applied.vpc == "other"
    error_message = "It is ${run.applied.vpc}."
  }
}
