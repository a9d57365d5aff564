data "lxd_profile" {
  summary = "A profile that is there."
  attributes = {
    name        = { type = string, default = "default", description = "Name." }
    project     = { type = string, default = setting.project, description = "Project." }
    description = { type = string, computed = true, description = "Free text." }
    config      = { type = map(string), computed = true, description = "Its configuration." }
    devices     = { type = map(map(string)), computed = true, description = "Its devices by their names: type and properties." }
  }
  read {
    get    = "/1.0/profiles/${name}"
    query  = { project = project }
    object = response.body.metadata
  }
  object = { description = object.description, config = object.config, devices = object.devices }
}
