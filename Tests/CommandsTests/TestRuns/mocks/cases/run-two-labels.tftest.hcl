run "a" "b" {
}
