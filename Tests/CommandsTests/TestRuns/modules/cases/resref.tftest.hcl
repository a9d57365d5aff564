run "a" {
 variables { name = terraform_data.a.id }
}
