run "a" { 
 module { }
}
