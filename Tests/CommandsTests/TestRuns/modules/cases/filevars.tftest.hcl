variables {
  name = "file"
  other = "o"
}
run "a" {
  assert {
    condition = output.o == "file" && var.other == "o"
    error_message = "b"
  }
}
run "b" {
  variables { name = "${var.name}-${var.other}" }
  assert {
    condition = output.o == "file-o"
    error_message = "b ${output.o}"
  }
}
