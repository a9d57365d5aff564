variables { 
  x = var.y
  name = var.name
}
run "a" {
}
