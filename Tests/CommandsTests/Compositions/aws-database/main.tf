resource "database" "it" {
  provider     = aws
  engine       = "postgresql"
  version      = "15"
  name         = "orders"
  username     = "shop"
  password     = "correct-horse"
  allowed_from = var.changed ? ["10.1.0.0/16", "10.2.0.7"] : ["10.1.0.0/16"]
  protect      = false
}

output "it" {
  value = database.it
}
