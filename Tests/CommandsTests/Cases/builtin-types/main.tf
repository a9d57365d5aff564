# What the best-known modules do with the providers that nearly all of them name.
terraform {
  required_providers {
    tls      = { source = "hashicorp/tls", version = "~> 4.0" }
    archive  = { source = "hashicorp/archive", version = "~> 2.0" }
    external = { source = "hashicorp/external", version = "~> 2.0" }
    template = { source = "hashicorp/template", version = "~> 2.0" }
  }
}

variable "names" {
  type    = list(string)
  default = ["localhost"]
}

resource "tls_private_key" "ca" {
  algorithm   = "ECDSA"
  ecdsa_curve = "P384"
}

resource "tls_self_signed_cert" "ca" {
  private_key_pem       = tls_private_key.ca.private_key_pem
  is_ca_certificate     = true
  validity_period_hours = 8760
  early_renewal_hours   = 720
  allowed_uses          = ["cert_signing", "crl_signing"]

  subject {
    common_name  = "Example CA"
    organization = "Example"
  }
}

resource "tls_private_key" "server" {
  algorithm = "ED25519"
}

resource "tls_cert_request" "server" {
  private_key_pem = tls_private_key.server.private_key_pem
  dns_names       = var.names

  subject {
    common_name = "server"
  }
}

resource "tls_locally_signed_cert" "server" {
  cert_request_pem      = tls_cert_request.server.cert_request_pem
  ca_private_key_pem    = tls_private_key.ca.private_key_pem
  ca_cert_pem           = tls_self_signed_cert.ca.cert_pem
  validity_period_hours = 720
  allowed_uses          = ["digital_signature", "server_auth"]
}

resource "local_sensitive_file" "key" {
  filename        = "${path.module}/out/key.pem"
  content         = tls_private_key.server.private_key_pem
  file_permission = "0600"
}

resource "local_file" "chain" {
  filename = "${path.module}/out/chain.pem"
  content  = "${tls_locally_signed_cert.server.cert_pem}${tls_self_signed_cert.ca.cert_pem}"
}

data "archive_file" "lambda" {
  type             = "zip"
  source_dir       = "${path.module}/src"
  output_path      = "${path.module}/out/lambda.zip"
  output_file_mode = "0644"
}

data "external" "ask" {
  program = ["sh", "${path.module}/ask.sh"]
  query   = { environment = "prod" }
}

data "terraform_remote_state" "network" {
  backend = "local"
  config  = { path = "${path.module}/network.tfstate" }
}

data "template_file" "greeting" {
  template = "hello $${upper(name)}"
  vars     = { name = "bob" }
}

output "hash" { value = data.archive_file.lambda.output_base64sha256 }
output "asked" { value = data.external.ask.result.query }
output "subnets" { value = data.terraform_remote_state.network.outputs.subnets }
output "greeting" { value = data.template_file.greeting.rendered }
