resource "load_balancer" "it" {
  provider     = aws
  listen       = { port = 8080, protocol = "http" }
  backends     = var.changed ? ["172.31.0.7:80", "10.2.0.7:8080"] : ["172.31.0.7:80"]
  health_check = { path = "/health", interval = 5, rise = 2, fall = 3 }
}

output "it" {
  value = load_balancer.it
}
