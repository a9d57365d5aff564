run "p" { 
 providers = { terraform = terraform.x }
}
