variable "cidr" { default = "10.0.0.0/16" }
provider "aws" { region = "eu-west-1" }
resource "aws_vpc" "main" { cidr_block = var.cidr }
resource "aws_subnet" "a" {
  vpc_id     = aws_vpc.main.id
  cidr_block = cidrsubnet(var.cidr, 8, 1)
}
resource "terraform_data" "note" { input = aws_subnet.a.vpc_id }
output "vpc" { value = aws_vpc.main.id }
output "note" { value = terraform_data.note.output }
