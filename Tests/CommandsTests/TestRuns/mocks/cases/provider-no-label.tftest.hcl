mock_provider {
}
run "a" {}
