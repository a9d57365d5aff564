data "lxd_network" {
  summary = "A network that is there."
  attributes = {
    name        = { type = string, default = setting.network, description = "Name; the provider's network by default." }
    project     = { type = string, default = setting.project, description = "Project." }
    description = { type = string, computed = true, description = "Free text." }
    type        = { type = string, computed = true, description = "Sort of network, such as bridge." }
    managed     = { type = bool, computed = true, description = "Whether LXD manages it." }
    config      = { type = map(string), computed = true, description = "Its configuration." }
  }
  read {
    get    = "/1.0/networks/${name}"
    query  = { project = project }
    object = response.body.metadata
  }
  object = { description = object.description, type = object.type, managed = object.managed, config = object.config }
}
