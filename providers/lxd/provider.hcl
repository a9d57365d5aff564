# LXD: a private cloud whose servers are real. REST over HTTPS with a client certificate, or the local socket. Types and attributes are named
# as in the Terraform LXD provider. What is answered with 202 is an operation that is waited for and may still fail; a finished one is
# forgotten by LXD after five seconds, so that a wait also takes 404 for an end and the object itself is read.
provider "lxd" {
  version = "0.1.0"
  summary = "LXD: instances, networks, access rules, forwards, profiles and volumes."

  setting "address" {
    type        = string
    env         = ["LXD_ADDR"]
    description = "Where LXD answers, such as https://lxd.example.net:8443. This or unix_socket."
  }
  setting "unix_socket" {
    type        = string
    description = "Path of LXD's local socket, such as /var/lib/lxd/unix.socket, in place of address and certificates."
  }
  setting "client_certificate" {
    type        = string
    default     = "~/.config/lxc/client.crt"
    description = "Certificate that LXD trusts: its text, or the path of its file; that of the command lxc by default."
  }
  setting "client_key" {
    type        = string
    sensitive   = true
    default     = "~/.config/lxc/client.key"
    description = "Private key of the certificate: its text, or the path of its file."
  }
  setting "server_certificate" {
    type        = string
    description = "LXD's own certificate where no authority vouches for it: its text, or the path of its file."
  }
  setting "project" {
    type        = string
    default     = "default"
    description = "Project of every object that names no other."
  }
  setting "network" {
    type        = string
    default     = "lxdbr0"
    description = "Network that firewalls guard where they name no other."
  }

  setting "request_timeout" {
    type        = number
    default     = 60
    description = "Seconds that one request may take, of which LXD spends up to 20 waiting for an operation."
  }

  http {
    base_url                = setting.unix_socket == null ? setting.address : "http://lxd"
    unix_socket             = setting.unix_socket
    client_certificate      = setting.unix_socket == null ? setting.client_certificate : null
    client_key              = setting.unix_socket == null ? setting.client_key : null
    certificate_authorities = setting.server_certificate
    parallelism             = 10
    timeout                 = setting.request_timeout

    # LXD always says something: an empty answer comes from what stands in between.
    error {
      when    = response.status >= 400 || response.body == null
      code    = tostring(response.body.error_code)
      message = response.body == null ? "the answer is empty" : response.body.error
    }
    gone { when = response.status == 404 }
    # A status of 500 is often the user's own mistake: it is not sent again.
    retry {
      # LXD says 503 while it starts, before it looks at a request.
      not_begun = response.status == 429 || response.status == 503
      timeout   = 60
    }
  }
}
