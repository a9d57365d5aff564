module "one" {
  source = "git::file://HERE/repo//modules/one?ref=v1"
}

module "archived" {
  source = "HERE/two.tar.gz"
}

output "values" {
  value = [module.one.value, module.archived.value]
}
