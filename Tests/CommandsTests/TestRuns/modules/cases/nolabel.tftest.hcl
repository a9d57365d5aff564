run {}
run "a" "b" {}
mock_provider {}
