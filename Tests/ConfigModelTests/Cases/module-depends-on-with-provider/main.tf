resource "terraform_data" "z" {}
module "m" {
  source     = "./m"
  depends_on = [terraform_data.z]
}
