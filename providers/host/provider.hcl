# Machines of one's own, over SSH. A host needs a POSIX shell, GNU coreutils and what its resources are about
# (dpkg and apt, systemd, nftables, PostgreSQL); no Python and no agent.
provider "host" {
  version = "0.1.0"
  summary = "Hosts over SSH: files, packages, services, users, firewalls, databases."

  setting "user" {
    type        = string
    description = "User to log in as; the local user's name by default. A host's own user goes before it."
  }
  setting "port" {
    type        = number
    description = "SSH port, 22 by default. A host's own port goes before it."
  }
  setting "private_key" {
    type        = string
    sensitive   = true
    description = "Private key: its text, or the path of its file. Without it and without a password the agent and the usual files are tried."
  }
  setting "passphrase" {
    type        = string
    sensitive   = true
    env         = ["ASHLAR_SSH_PASSPHRASE"]
    description = "Passphrase of the private key."
  }
  setting "password" {
    type        = string
    sensitive   = true
    env         = ["ASHLAR_SSH_PASSWORD"]
    description = "Password for password and keyboard-interactive logins."
  }
  setting "agent" {
    type        = bool
    description = "Whether the SSH agent is asked; by default only where neither private_key nor password is set."
  }
  setting "known_hosts" {
    type        = any
    description = "Path, or list of paths, of known_hosts files; the user's and the system's by default."
  }
  setting "trust_new_hosts" {
    type        = bool
    default     = false
    description = "Accept the key that a host shows when its resource is made, if nothing else vouches for it. It is recorded, and from then on only that key is accepted."
  }
  setting "become" {
    type        = bool
    description = "Whether scripts become become_user; true by default where the login is another."
  }
  setting "become_method" {
    type        = string
    default     = "sudo"
    description = "sudo or doas."
  }
  setting "become_user" {
    type        = string
    default     = "root"
    description = "Whom scripts become."
  }
  setting "become_password" {
    type        = string
    sensitive   = true
    env         = ["ASHLAR_BECOME_PASSWORD"]
    description = "Password for sudo, where it asks for one."
  }
  setting "connect_timeout" {
    type        = number
    default     = 15
    description = "Seconds to an authenticated session."
  }

  ssh {
    user            = setting.user
    port            = setting.port
    private_key     = setting.private_key
    passphrase      = setting.passphrase
    password        = setting.password
    agent           = setting.agent
    known_hosts     = setting.known_hosts
    trust_new_hosts = setting.trust_new_hosts
    become          = setting.become
    become_method   = setting.become_method
    become_user     = setting.become_user
    become_password = setting.become_password
    connect_timeout = setting.connect_timeout
  }
}
