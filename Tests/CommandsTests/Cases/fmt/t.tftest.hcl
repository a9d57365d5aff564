run "r" {
command=plan
}
