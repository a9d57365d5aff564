output "zero" { value = file("/dev/zero") }
output "pipe" { value = filebase64("pipe") }
output "digest" { value = filesha256("link") }
output "md5" { value = filemd5("/dev/zero") }
output "template" { value = templatefile("pipe", {}) }
output "exists" { value = fileexists("pipe") }
output "folder" { value = file("folder") }
