run "a" { 
  assert {
    condition = output.o == "fromcli"
    error_message = "o ${output.o}"
  }
}
