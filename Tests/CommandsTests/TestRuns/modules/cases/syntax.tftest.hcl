run "a" {
  variables {
