run "a" { command = plan }
run "b" {
  variables { name = run.a.id }
}
