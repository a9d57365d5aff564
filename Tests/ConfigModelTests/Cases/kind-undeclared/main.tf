output "x" {
  value = web_server.a.url
}
