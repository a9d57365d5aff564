run "alt" {
  module { source = "./alt" }
  assert {
    condition = output.x == 2
    error_message = "x is ${output.x} and ${var.zz}"
  }
}
