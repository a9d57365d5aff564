run "p" { 
  plan_options { 
   mode = foo
   refresh = "x"
   bar = 1
  }
}
