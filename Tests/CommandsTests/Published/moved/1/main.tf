resource "terraform_data" "old" { input = "x" }
resource "terraform_data" "single" { input = "y" }
resource "terraform_data" "changes" { input = "z" }
module "before" {
  source = "./part"
}
