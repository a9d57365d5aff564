terraform {
  required_providers {}
  required_providers {}
}
