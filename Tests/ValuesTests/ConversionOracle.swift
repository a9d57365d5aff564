/// What the reference (1.11) makes of a variable of a type with a default. A row: type, value, then the JSON and type of the result, or `!` and the message. Cases in which it names one of several faults at random are left out.
let conversionOracle = ##"""
    ["tuple",[["object",{"a":"dynamic","b":["tuple",["bool"]]}]]]	[{"a":false}]	!	tuple required
    "dynamic"	{"c":"x","a":0}	{"a":0,"c":"x"}	object({a=number,c=string})
    ["object",{"a":["map",["tuple",[]]]}]	{"c":{"c":1.5},"a":{}}	{"a":{}}	object({a=map(tuple([]))})
    ["map",["object",{"c":["object",{"c":"string","a":"number","b":"number"},["a"],{"a":7}],"b":["list","dynamic"],"a":["set","number"]},["b"]]]	{"a":{"b":[],"a":[]}}	!	element "a": attribute "c" is required
    ["list","dynamic"]	[]	[]	list(dynamic)
    ["object",{"b":["list",["tuple",["bool"]]],"a":"number","c":["object",{"a":"bool","c":"dynamic"}]},["b"]]	true	!	object required
    "dynamic"	"false"	"false"	string
    ["object",{"a":["set",["list","dynamic"]]},["a"]]	{"a":[[{}],["x",12345678901234567890,1],[null,1.5]]}	!	.a: element types must all match for conversion to set
    ["object",{"a":["map",["object",{}]],"b":"bool"}]	{"a":{},"b":true}	{"a":{},"b":true}	object({a=map(object({})),b=bool})
    "dynamic"	[[]]	[[]]	tuple([tuple([])])
    "bool"	"no"	!	a bool is required
    ["object",{"c":["object",{"c":["map","number"],"a":["set","string"],"b":["list","number"]}],"a":["map",["set","string"]],"b":["tuple",[["tuple",["string"]],"dynamic"]]},["a"]]	{"c":{"c":{"b":2.5},"a":["true"],"b":[1]},"b":[[true],0]}	{"a":null,"b":[["true"],0],"c":{"a":["true"],"b":[1],"c":{"b":2.5}}}	object({a=map(set(string)),b=tuple([tuple([string]),number]),c=object({a=set(string),b=list(number),c=map(number)})})
    ["object",{"b":["set",["tuple",["number"]]],"a":["tuple",[]]},["b"]]	{"b":[["x"],[null],[1]]}	!	attribute "a" is required
    ["object",{"b":["set",["map","bool"]],"c":["map","number"],"a":"bool"},["c"]]	{"a":"no"}	!	attribute "b" is required
    ["set",["list","number"]]	"1"	!	set of list of number required
    "dynamic"	true	true	bool
    "number"	2.5	2.5	number
    "number"	{}	!	number required
    ["object",{}]	{}	{}	object({})
    "number"	{"c":"2","b":""}	!	number required
    ["tuple",["bool",["tuple",[["map","number"]]]]]	[]	!	tuple required
    ["set","dynamic"]	1	!	set of any single type required
    ["list","string"]	{"c":"1"}	!	list of string required
    ["set",["map",["set","number"]]]	[{"a":[null,null,"x"],"c":[1,"x",null]},{"d":{"a":false,"c":true,"b":false}},{"a":[1],"c":[1,2.5,"3"]}]	!	element 1: element "d": set of number required
    "string"	"true"	"true"	string
    ["list",["tuple",[]]]	[4,2,2]	!	element 0: tuple required
    ["object",{"c":["map",["list","string"]],"b":["list",["map","number"]],"a":"number"},["c"]]	{"c":{},"b":[{"a":null},{"c":null,"b":"x"}]}	!	attribute "a" is required
    "bool"	"0"	false	bool
    "string"	"1"	"1"	string
    ["object",{"a":["object",{}],"b":"dynamic","c":["map",["set","bool"]]},["c"]]	{"a":{},"c":{}}	!	attribute "b" is required
    ["object",{"b":"dynamic","a":"string"}]	{"b":{"c":false},"a":null}	{"a":null,"b":{"c":false}}	object({a=string,b=object({c=bool})})
    "dynamic"	"True"	"True"	string
    "number"	"3"	3	number
    "bool"	12345678901234567890	!	bool required
    "number"	2	2	number
    ["map",["map","bool"]]	{"b":true,"c":null}	!	element "b": map of bool required
    ["set",["set","dynamic"]]	[]	[]	set(set(dynamic))
    ["list",["object",{"a":["set","string"],"c":"bool"}]]	[{}]	!	element 0: attributes "a" and "c" are required
    ["set",["list","dynamic"]]	[[["1"],["abc","0","2"]],[true]]	!	element types must all match for conversion to set
    ["object",{"c":"string","b":["map","bool"],"a":["object",{}]},["c","b"]]	[]	!	object required
    "dynamic"	[-1]	[-1]	tuple([number])
    ["object",{"a":["tuple",[]]}]	{"a":[]}	{"a":[]}	object({a=tuple([])})
    ["list","string"]	[]	[]	list(string)
    ["map",["object",{}]]	{"d":{}}	{"d":{}}	map(object({}))
    ["object",{"c":"dynamic"}]	{"c":{"a":"x"}}	{"c":{"a":"x"}}	object({c=object({a=string})})
    "string"	[]	!	string required
    "dynamic"	"2"	"2"	string
    ["list",["list",["set","dynamic"]]]	{"b":{}}	!	list of list of set of any single type required
    ["map",["map",["set","number"]]]	"b"	!	map of map of set of number required
    ["set",["list","bool"]]	[[true,"1","x"],["no",true,false]]	!	[0][2]: a bool is required
    ["object",{"a":["object",{"c":"dynamic","a":"bool"},["c","a"],{"a":true}],"b":["set","number"],"c":"string"},["c"],{"c":"dflt"}]	{"a":{"c":2,"a":false},"b":true}	!	attribute "b": set of number required
    "string"	true	"true"	string
    "number"	1	1	number
    ["set","bool"]	[]	[]	set(bool)
    "string"	{"b":true,"c":false}	!	string required
    ["set",["map","string"]]	[{},0,{"c":"1"}]	!	element 1: map of string required
    ["set","string"]	[]	[]	set(string)
    "dynamic"	["x","x"]	["x","x"]	tuple([string,string])
    ["object",{"b":["object",{}],"a":["set","number"],"c":"bool"}]	{"b":{}}	!	attributes "a" and "c" are required
    "dynamic"	[2]	[2]	tuple([number])
    ["map","number"]	{"d":1}	{"d":1}	map(number)
    ["object",{}]	"x"	!	object required
    ["list",["map",["object",{"b":"bool","c":"dynamic"},["b"],{"b":true}]]]	[]	[]	list(map(object({b=bool,c=dynamic})))
    "dynamic"	[2.5,2.5,1.5]	[2.5,2.5,1.5]	tuple([number,number,number])
    "number"	"x"	!	a number is required
    "string"	5	"5"	string
    ["list",["map",["object",{"c":"bool"},["c"]]]]	[{"b":{"c":true},"d":{"c":"1"}}]	[{"b":{"c":true},"d":{"c":true}}]	list(map(object({c=bool})))
    "dynamic"	[true,true,true]	[true,true,true]	tuple([bool,bool,bool])
    ["object",{"c":"dynamic","a":"dynamic","b":["list",["list","string"]]},["b"]]	{"a":[],"b":[[null,5,"a"]]}	!	attribute "c" is required
    "string"	2	"2"	string
    ["map","string"]	{}	{}	map(string)
    ["list",["map",["tuple",["string","string"]]]]	[{"b":[null,"true"]},{"b":[5,"a"]},{}]	[{"b":[null,"true"]},{"b":["5","a"]},{}]	list(map(tuple([string,string])))
    ["tuple",["number"]]	[1]	[1]	tuple([number])
    ["list",["object",{"c":["map","bool"]}]]	[{"c":{"a":false,"c":"true"}},{"c":{"b":"no","c":"0"}},{"c":{"d":"1"}}]	!	[1].c["b"]: a bool is required
    ["list","string"]	["true",true,"a"]	["true","true","a"]	list(string)
    ["object",{"c":"number","a":"string"},["c","a"],{"c":7,"a":"dflt"}]	{"c":"x","a":null}	!	.c: a number is required
    "bool"	{"b":"1","c":"x"}	!	bool required
    "bool"	"3"	!	a bool is required
    ["map",["set",["object",{"c":"dynamic"}]]]	{}	{}	map(set(object({c=dynamic})))
    ["object",{"a":["set","dynamic"],"c":["object",{}]},["c"]]	0	!	object required
    "dynamic"	"3"	"3"	string
    ["set",["list",["list","dynamic"]]]	[[["true",{"a":false,"c":0}],[],[null,false]],[[[1.5,3.5],null],[],["x",[2,1],"x"]]]	!	element 0: element 0: all list elements must have the same type
    ["list",["object",{"c":["object",{"c":"number"},["c"]],"a":"dynamic"},["c"]]]	[]	[]	list(object({a=dynamic,c=object({c=number})}))
    ["object",{"b":"bool","c":["list","bool"]},["c"]]	"x"	!	object required
    ["set",["map","dynamic"]]	[]	[]	set(map(dynamic))
    ["tuple",["bool"]]	[false]	[false]	tuple([bool])
    ["object",{"c":["object",{"c":["set","number"]}],"b":"string","a":["list",["object",{"c":"dynamic","a":"string","b":"number"}]]},["c"]]	{"c":{"c":[2.5,"x",2.5]},"a":[{"a":1.5},1,{"a":"1","b":{"c":0,"b":"b"}}]}	!	attribute "b" is required
    ["list",["object",{}]]	["1","1","1"]	!	element 0: object required
    "bool"	[12345678901234567891]	!	bool required
    ["object",{"c":"bool","a":"number"}]	{"c":true,"a":null}	{"a":null,"c":true}	object({a=number,c=bool})
    ["set",["set","bool"]]	{"b":false}	!	set of set of bool required
    ["list","number"]	true	!	list of number required
    "bool"	false	false	bool
    ["object",{"a":"string","b":["list",["set","bool"]],"c":"number"},["b","c"]]	{"a":"b","b":[["1","0",false]],"c":"x"}	!	.c: a number is required
    ["list",["object",{"b":"dynamic","a":["object",{"c":"dynamic","b":"string"},["c"]],"c":["set","number"]}]]	{"b":[],"a":["true","x"]}	!	list of object required
    ["map","dynamic"]	{"b":{}}	{"b":{}}	map(object({}))
    "dynamic"	-3	-3	number
    ["set","string"]	["1","a"]	["1","a"]	set(string)
    ["object",{"a":"bool","b":"dynamic"},["a"]]	{"a":"true","b":"3"}	{"a":true,"b":"3"}	object({a=bool,b=string})
    "dynamic"	2	2	number
    ["list",["list","bool"]]	[["no",true],[false,"true","0"],[3,"0"]]	!	element 2: element 0: bool required
    ["object",{"b":"bool"},["b"],{"b":true}]	{"b":true}	{"b":true}	object({b=bool})
    "number"	1.5	1.5	number
    ["list",["list",["set","dynamic"]]]	[[]]	[[]]	list(list(set(dynamic)))
    ["tuple",[]]	[]	[]	tuple([])
    ["list",["tuple",["number",["set","string"]]]]	"True"	!	list of tuple required
    ["tuple",[["tuple",[]]]]	[[]]	[[]]	tuple([tuple([])])
    ["object",{"a":"bool","c":"dynamic"},["a"]]	{"a":true,"c":["3",false,true]}	{"a":true,"c":["3",false,true]}	object({a=bool,c=tuple([string,bool,bool])})
    "dynamic"	false	false	bool
    ["set",["map","string"]]	[{"d":"1","b":"1","a":5},{"a":"a"},{"d":null}]	[{"a":"5","b":"1","d":"1"},{"a":"a"},{"d":null}]	set(map(string))
    "string"	"x"	"x"	string
    ["map","string"]	{"d":"true"}	{"d":"true"}	map(string)
    "bool"	"1"	true	bool
    ["map",["tuple",[]]]	{"b":[]}	{"b":[]}	map(tuple([]))
    "bool"	"true"	true	bool
    ["list",["map","string"]]	[{},{"b":"1"}]	[{},{"b":"1"}]	list(map(string))
    ["object",{"c":["set","string"],"b":"string"}]	{"c":[],"b":"a"}	{"b":"a","c":[]}	object({b=string,c=set(string)})
    ["set","bool"]	[{}]	!	element 0: bool required
    ["object",{"a":"string","b":["object",{"b":["map","dynamic"]},["b"]],"c":["list",["set","number"]]},["b"]]	{"b":{"b":{}},"c":[[1]]}	!	attribute "a" is required
    ["object",{"b":["object",{"a":"number","c":["tuple",["dynamic","bool"]]}]}]	{"b":{"a":"x"}}	!	attribute "b": attribute "c" is required
    ["tuple",["dynamic",["tuple",[["object",{"c":"bool","b":"dynamic"},["c"],{"c":true}]]]]]	[2,[{"c":false,"b":[3,2,1]}]]	[2,[{"b":[3,2,1],"c":false}]]	tuple([number,tuple([object({b=tuple([number,number,number]),c=bool})])])
    ["list",["object",{"b":["set","string"],"c":["tuple",["string"]]}]]	[]	[]	list(object({b=set(string),c=tuple([string])}))
    ["tuple",["string","bool"]]	["x","true"]	["x",true]	tuple([string,bool])
    "string"	"a"	"a"	string
    ["list",["set","string"]]	["2.50"]	!	element 0: set of string required
    "dynamic"	["abc"]	["abc"]	tuple([string])
    ["object",{"c":"string","b":"string","a":"number"},["c","b"]]	{"b":"true","a":null}	{"a":null,"b":"true","c":null}	object({a=number,b=string,c=string})
    ["object",{"c":["list","string"],"a":["list","bool"],"b":"number"},["b"]]	{"c":[],"a":["1"],"b":3}	{"a":[true],"b":3,"c":[]}	object({a=list(bool),b=number,c=list(string)})
    ["map",["object",{"a":["list","dynamic"],"c":["map","string"]},["a","c"]]]	{"d":{"a":[true,{"a":12345678901234567890}],"c":{}},"b":{"c":{"b":true,"a":5}}}	!	element "d": attribute "a": all list elements must have the same type
    ["list",["set",["object",{"a":"number","b":"string"}]]]	[]	[]	list(set(object({a=number,b=string})))
    ["object",{"c":["set",["object",{}]],"b":["set",["object",{"b":"dynamic","a":"number","c":"string"},["a","c"],{"a":7}]]},["b"]]	"3"	!	object required
    ["map",["object",{"b":["set","dynamic"],"c":["tuple",[]]},["c"]]]	{}	{}	map(object({b=set(dynamic),c=tuple([])}))
    "dynamic"	[false]	[false]	tuple([bool])
    ["set","number"]	["x"]	!	[0]: a number is required
    ["tuple",[["object",{"a":"bool"}],["list","string"]]]	[{"a":false},[]]	[{"a":false},[]]	tuple([object({a=bool}),list(string)])
    ["list","number"]	[1]	[1]	list(number)
    ["set",["object",{"c":"number","b":["list","number"]},["b"]]]	[]	[]	set(object({b=list(number),c=number}))
    ["map",["list",["object",{"a":"number"},["a"]]]]	"abc"	!	map of list of object required
    ["list","string"]	[null,"1","b"]	[null,"1","b"]	list(string)
    "dynamic"	{"b":null,"a":"x"}	{"a":"x","b":null}	object({a=string,b=dynamic})
    ["list",["object",{"a":["list","string"]},["a"]]]	[{"a":[null,true,"b"]},{"a":["b","a"]},{"a":[]}]	[{"a":[null,"true","b"]},{"a":["b","a"]},{"a":[]}]	list(object({a=list(string)}))
    "bool"	{"c":{"b":"x","a":{"b":3}},"a":[{},null]}	!	bool required
    ["list","string"]	[true,true]	["true","true"]	list(string)
    ["tuple",[["object",{"a":["set","number"]}],["object",{"b":["object",{"b":"string"},["b"]],"c":["set","string"],"a":["set","number"]},["c"]]]]	"x"	!	tuple required
    ["list",["map",["object",{}]]]	[{}]	[{}]	list(map(object({})))
    "number"	"2"	2	number
    ["set",["set","string"]]	[[],["a","b",5]]	[["5","a","b"],[]]	set(set(string))
    ["list","dynamic"]	{"a":2}	!	list of any single type required
    ["set",["object",{"b":["object",{"c":"bool","a":"bool","b":"bool"},["b"]]},["b"]]]	"x"	!	set of object required
    ["object",{"b":"string"},["b"]]	{"b":"b"}	{"b":"b"}	object({b=string})
    ["set",["object",{"c":["list","bool"],"b":"dynamic","a":["map","number"]},["b"]]]	[{"b":{"a":"x","b":"2"},"a":{"c":"x","b":null}}]	!	element 0: attribute "c" is required
    "dynamic"	"1"	"1"	string
    ["object",{"b":["map","string"],"a":"string","c":"string"},["b"]]	{"b":{"c":"1"},"a":"true","c":1}	{"a":"true","b":{"c":"1"},"c":"1"}	object({a=string,b=map(string),c=string})
    ["object",{"b":"string","c":["map",["map","dynamic"]]}]	{"c":{"c":{"b":["x",3]}}}	!	attribute "b" is required
    ["map",["list","string"]]	{}	{}	map(list(string))
    ["list",["object",{"c":"string"},["c"]]]	[{}]	[{"c":null}]	list(object({c=string}))
    ["tuple",[["object",{"a":["object",{"b":"number"}]}],"dynamic"]]	{"c":{}}	!	tuple required
    ["tuple",[["object",{}]]]	[{}]	[{}]	tuple([object({})])
    ["list",["list",["object",{"a":"dynamic","b":"string","c":"number"},["c"],{"c":7}]]]	"2.50"	!	list of list of object required
    ["object",{"c":["set",["object",{"c":"dynamic","b":"string"}]]},["c"]]	{"c":[{"b":true},{"c":2,"b":"a"}]}	!	attribute "c": element 0: attribute "c" is required
    ["object",{"c":["object",{}],"b":"string","a":["object",{"a":["tuple",["bool","number"]],"b":["set","bool"],"c":"string"},["c"],{"c":"dflt"}]},["c","a"]]	["2",3]	!	object required
    ["list",["set",["set","dynamic"]]]	[[["true"],[],[false]],[]]	!	[0]: element types must all match for conversion to set
    ["map","dynamic"]	{"c":{"a":null,"b":2},"a":[]}	!	all map elements must have the same type
    "string"	{"b":1}	!	string required
    ["object",{"b":"number"},["b"]]	{"b":null}	{"b":null}	object({b=number})
    "dynamic"	"b"	"b"	string
    ["set",["object",{}]]	[{},{},{}]	[{}]	set(object({}))
    "dynamic"	"a"	"a"	string
    ["tuple",["dynamic"]]	[{"a":1,"c":"x","b":true}]	[{"a":1,"b":true,"c":"x"}]	tuple([object({a=number,b=bool,c=string})])
    "dynamic"	"abc"	"abc"	string
    "dynamic"	[null,null,null]	[null,null,null]	tuple([dynamic,dynamic,dynamic])
    ["list","bool"]	[]	[]	list(bool)
    "dynamic"	{"c":1}	{"c":1}	object({c=number})
    ["list",["set",["map","bool"]]]	true	!	list of set of map of bool required
    ["list",["object",{"a":"dynamic","c":["list","number"]}]]	[{"a":"x","c":["x",[],2.5]},{"a":"true","c":[]}]	!	element 0: attribute "c": element 1: number required
    ["map",["map","number"]]	"3"	!	map of map of number required
    ["list",["tuple",[]]]	{}	!	list of tuple required
    ["object",{"a":["object",{"b":["set","number"],"c":["map","dynamic"],"a":["set","string"]}],"b":"bool","c":["object",{"b":["list","dynamic"]}]},["a","b"],{"b":true}]	{"b":"no","c":{"b":[{"a":""},"x"]}}	!	attribute "c": attribute "b": all list elements must have the same type
    ["tuple",[["map",["tuple",[]]]]]	{"a":"x"}	!	tuple required
    ["set","string"]	["b",null]	["b",null]	set(string)
    ["set","string"]	false	!	set of string required
    ["list",["set",["map","string"]]]	[]	[]	list(set(map(string)))
    ["set","dynamic"]	"true"	!	set of any single type required
    "dynamic"	3	3	number
    "dynamic"	["true","true","true"]	["true","true","true"]	tuple([string,string,string])
    ["tuple",["bool","bool"]]	["0","true"]	[false,true]	tuple([bool,bool])
    ["object",{"a":["map",["list","number"]],"b":["object",{"c":["tuple",[]],"a":"string"},["c"]],"c":"number"},["c"]]	{"a":{"d":[null,2.5,null]},"b":{"c":[],"a":"b"},"c":"x"}	!	.c: a number is required
    ["map",["object",{"b":["object",{"c":"dynamic","a":"number"},["c"]]},["b"]]]	[]	!	map of object required
    "bool"	["1","1","a"]	!	bool required
    ["map",["map","string"]]	{"c":{"a":"b","b":null}}	{"c":{"a":"b","b":null}}	map(map(string))
    ["map",["set","number"]]	{}	{}	map(set(number))
    ["object",{"c":["object",{"a":"dynamic","c":"bool","b":"number"},["a","c"],{"c":true}],"a":["object",{"a":["tuple",["string"]],"b":["object",{"a":"string","c":"string"},["c"]]}]},["c","a"]]	{"c":{"a":null,"c":true,"b":"x"},"a":{"a":[null],"b":{"a":"b","c":null}}}	!	.c.b: a number is required
    ["object",{"a":"string"}]	"2"	!	object required
    ["map","number"]	"2"	!	map of number required
    ["set","number"]	[null,1]	[1,null]	set(number)
    ["list",["map",["tuple",["bool"]]]]	"1"	!	list of map of tuple required
    "number"	3	3	number
    ["list",["set","dynamic"]]	[[{},[null,"2.50",true]],[12345678901234567890],[["1"],{"a":"1"},true]]	!	element 0: all set elements must have the same type
    ["list","string"]	["3",null]	["3",null]	list(string)
    ["set",["object",{"b":"dynamic"}]]	2	!	set of object required
    "string"	["True","b"]	!	string required
    ["object",{"c":"bool"}]	{"c":true}	{"c":true}	object({c=bool})
    ["list","string"]	[false,"True"]	["false","True"]	list(string)
    "bool"	3	!	bool required
    ["tuple",[["list",["list","string"]],["map","bool"]]]	{"c":null,"b":3}	!	tuple required
    ["tuple",[["tuple",[["map","bool"],["object",{"c":"bool"},["c"],{"c":true}]]]]]	["x"]	!	tuple required
    "string"	1	"1"	string
    ["list",["list",["set","bool"]]]	{"a":true,"c":2}	!	list of list of set of bool required
    ["object",{"a":["list","bool"],"c":"number"},["c"]]	{"c":1}	!	attribute "a" is required
    ["object",{"c":["object",{}],"b":"bool","a":["tuple",["bool"]]}]	{"c":{},"b":true,"a":[false]}	{"a":[false],"b":true,"c":{}}	object({a=tuple([bool]),b=bool,c=object({})})
    ["map","dynamic"]	{"d":{"a":2}}	{"d":{"a":2}}	map(object({a=number}))
    ["map","dynamic"]	{"d":[]}	{"d":[]}	map(tuple([]))
    ["map","number"]	{"a":"3"}	{"a":3}	map(number)
    "string"	"b"	"b"	string
    ["object",{}]	false	!	object required
    ["object",{"b":["object",{"a":["tuple",["bool","bool"]],"b":["object",{"b":"dynamic"}],"c":["list","number"]},["a","c"]],"a":"dynamic"},["b","a"]]	{"b":{"a":["0",[]],"b":{"b":"1"}}}	!	attribute "b": attribute "a": tuple required
    ["list","dynamic"]	[0,2,3]	[0,2,3]	list(number)
    ["list",["map",["map","number"]]]	[]	[]	list(map(map(number)))
    "number"	12345678901234567890	12345678901234567890	number
    ["set","dynamic"]	[[true,true,true],"2"]	!	all set elements must have the same type
    ["object",{"a":"dynamic","c":"dynamic","b":"bool"},["c"]]	{"c":false,"b":"no"}	!	attribute "a" is required
    ["object",{"b":"dynamic","c":"string","a":["object",{}]},["a"]]	"1"	!	object required
    "string"	[{"c":"2.50","a":[1,2]}]	!	string required
    ["map",["tuple",[["object",{"a":"dynamic","b":"dynamic","c":"number"},["a"]],"string"]]]	[]	!	map of tuple required
    ["object",{"c":["map","number"],"a":["object",{}],"b":["set",["list","string"]]},["a"]]	{"c":{"d":2.5,"b":1},"a":{},"b":[[null,"b","1"]]}	{"a":{},"b":[[null,"b","1"]],"c":{"b":1,"d":2.5}}	object({a=object({}),b=set(list(string)),c=map(number)})
    "number"	[]	!	number required
    ["set",["object",{"a":"string","b":["object",{"c":"string","a":"bool"},["a"]]}]]	[-3,{"a":"true","b":3}]	!	element 0: object required
    ["list",["list","dynamic"]]	"1"	!	list of list of any single type required
    ["tuple",["bool"]]	true	!	tuple required
    ["object",{"a":"number","c":["set",["list","bool"]]}]	[]	!	object required
    ["list",["object",{}]]	[]	[]	list(object({}))
    ["object",{"b":["tuple",[["tuple",[]],"number"]],"c":"number","a":"number"},["c"]]	{"b":[[],1],"c":null,"a":"true"}	!	.a: a number is required
    ["list",["set","dynamic"]]	[[],[1.5,{"c":"x"},2]]	!	element 1: all set elements must have the same type
    ["object",{"c":["object",{"c":["tuple",["dynamic","bool"]],"a":"bool","b":["set","number"]},["a"]]},["c"]]	{"c":{"c":["false",false],"b":[]}}	{"c":{"a":null,"b":[],"c":["false",false]}}	object({c=object({a=bool,b=set(number),c=tuple([string,bool])})})
    ["map",["set","number"]]	{"c":[2.5]}	{"c":[2.5]}	map(set(number))
    ["tuple",["bool"]]	["no"]	!	[0]: a bool is required
    ["list",["object",{"b":"number","a":["object",{}]}]]	[{"b":null,"a":{}}]	[{"a":{},"b":null}]	list(object({a=object({}),b=number}))
    ["list",["list",["list","bool"]]]	[[],[]]	[[],[]]	list(list(list(bool)))
    ["object",{"c":["object",{"a":"string","c":["object",{}],"b":["object",{"b":"string"},["b"],{"b":"dflt"}]}]},["c"]]	{}	{"c":null}	object({c=object({a=string,b=object({b=string}),c=object({})})})
    ["list",["tuple",[]]]	[[],[],[]]	[[],[],[]]	list(tuple([]))
    ["map","number"]	12345678901234567890	!	map of number required
    ["tuple",[["object",{"b":"bool","a":["object",{"c":"bool"}],"c":["set","string"]},["b"]]]]	"2"	!	tuple required
    ["list",["set","number"]]	[[2.5,"x"],[]]	!	[0][1]: a number is required
    ["list","bool"]	[false,true,"1"]	[false,true,true]	list(bool)
    ["set",["map",["set","string"]]]	"x"	!	set of map of set of string required
    ["object",{"a":"bool","c":["map",["object",{"a":"dynamic","c":"bool"},["a"]]],"b":"dynamic"}]	[]	!	object required
    ["object",{"b":["set","number"]}]	{}	!	attribute "b" is required
    ["map","string"]	{"a":"b","c":"b"}	{"a":"b","c":"b"}	map(string)
    ["set",["tuple",[]]]	[[]]	[[]]	set(tuple([]))
    ["map","number"]	{"b":"x","a":"3","d":2.5}	!	["b"]: a number is required
    ["object",{"c":["list",["tuple",[]]],"b":"bool","a":"dynamic"},["c","b","a"]]	{"c":[["2.50",3],[],{"b":2,"a":"1"}]}	!	attribute "c": element 0: tuple required
    ["list","string"]	"1"	!	list of string required
    ["set",["tuple",["string"]]]	[[null],["1"],[null]]	[["1"],[null]]	set(tuple([string]))
    ["map","string"]	{"c":null,"a":null}	{"a":null,"c":null}	map(string)
    ["object",{"a":"dynamic","b":["set",["object",{"a":"number","b":"string"},["a"]]]},["a"]]	{"a":"2.50"}	!	attribute "b" is required
    ["set",["object",{"b":"bool"},["b"],{"b":true}]]	-3	!	set of object required
    ["object",{"a":["object",{}],"b":["object",{}]},["a"]]	{"b":{}}	{"a":null,"b":{}}	object({a=object({}),b=object({})})
    "dynamic"	{}	{}	object({})
    ["tuple",["number"]]	["3"]	[3]	tuple([number])
    ["list",["object",{}]]	[{},{},"x"]	!	element 2: object required
    ["tuple",[]]	2	!	tuple required
    ["object",{"c":["list",["object",{"c":"string","b":"string","a":"dynamic"},["b"]]]}]	{"c":[{"c":"1","a":{}}]}	{"c":[{"a":{},"b":null,"c":"1"}]}	object({c=list(object({a=object({}),b=string,c=string}))})
    ["map",["set","string"]]	{"a":[],"b":"True","c":["1","true"]}	!	element "b": set of string required
    ["list","string"]	{}	!	list of string required
    ["set","number"]	[{"c":"2","a":false},1]	!	element 0: number required
    ["map",["object",{"c":["list","dynamic"],"a":["tuple",["bool"]],"b":["list","number"]},["a","b"]]]	{"b":{"a":1}}	!	element "b": attribute "c" is required
    ["object",{"c":["object",{"a":"bool","c":["tuple",["number","number"]]},["a"]],"a":["object",{"c":"dynamic"}],"b":"bool"}]	{"c":{"a":true,"c":["x","3"]},"b":"no"}	!	attribute "a" is required
    "number"	"0"	0	number
    ["list",["list","dynamic"]]	[[[1,2,2]],[{"a":"2"},3,[]]]	!	element 1: all list elements must have the same type
    ["object",{"b":["map","string"]}]	{"b":{}}	{"b":{}}	object({b=map(string)})
    ["object",{"a":["object",{"c":["tuple",[]]}],"b":["set",["list","string"]]}]	{"a":{},"b":[["1"],[],["1","a",true]]}	!	attribute "a": attribute "c" is required
    ["object",{"a":["object",{"b":"number","c":["object",{}]},["b","c"]],"b":"bool"},["a","b"]]	1	!	object required
    ["map","string"]	{"c":null}	{"c":null}	map(string)
    "bool"	true	true	bool
    ["list",["tuple",[]]]	[[],[]]	[[],[]]	list(tuple([]))
    "dynamic"	{"c":"1","b":1,"a":false}	{"a":false,"b":1,"c":"1"}	object({a=bool,b=number,c=string})
    ["tuple",[["list",["list","number"]]]]	true	!	tuple required
    ["tuple",[["object",{"c":"string"}]]]	[{"c":"true"}]	[{"c":"true"}]	tuple([object({c=string})])
    ["set",["tuple",[["object",{"b":"bool","c":"number","a":"number"},["b"]]]]]	[{"c":"true"},"x"]	!	element 0: tuple required
    ["object",{"a":["object",{"a":["tuple",["string"]]}]}]	{}	!	attribute "a" is required
    ["object",{"b":["tuple",["number",["object",{}]]],"a":["list",["set","dynamic"]]},["b"]]	{"b":["3",{}],"a":[]}	{"a":[],"b":[3,{}]}	object({a=list(set(dynamic)),b=tuple([number,object({})])})
    ["object",{"b":["set",["object",{"c":"string"}]],"a":["set",["object",{}]],"c":["set",["object",{"b":"string","a":"bool"}]]}]	{"b":[{"c":null},{}]}	!	attributes "a" and "c" are required
    ["set",["object",{"b":["object",{}],"c":["object",{"a":"dynamic","b":"number","c":"dynamic"},["a"]],"a":"dynamic"}]]	[]	[]	set(object({a=dynamic,b=object({}),c=object({a=dynamic,b=number,c=dynamic})}))
    "bool"	"x"	!	a bool is required
    "string"	"2"	"2"	string
    ["list",["map","dynamic"]]	[{"c":["x","2"],"a":"false"},{"c":"True","d":3}]	!	element 0: all map elements must have the same type
    ["map",["object",{"a":["object",{"c":"number","a":"dynamic","b":"string"},["c","b"],{"c":7}],"c":["object",{"a":"dynamic","b":"bool","c":"string"},["b","c"],{"c":"dflt"}]}]]	{"a":{"c":{"a":{"b":"x"},"b":"1","c":{}}}}	!	element "a": attribute "a" is required
    ["set","dynamic"]	["x",3,false]	["3","false","x"]	set(string)
    "bool"	1	!	bool required
    ["list",["set",["list","dynamic"]]]	"x"	!	list of set of list of any single type required
    ["map","bool"]	{"b":"no","a":false}	!	["b"]: a bool is required
    ["map","number"]	{"c":null}	{"c":null}	map(number)
    ["map",["list",["list","bool"]]]	{"d":[["0","true","0"],[]]}	{"d":[[false,true,false],[]]}	map(list(list(bool)))
    ["list",["object",{}]]	[{}]	[{}]	list(object({}))
    ["tuple",[["list",["map","number"]],["object",{"b":["list","bool"],"a":"dynamic","c":["list","dynamic"]}]]]	[[{"c":"3"},{"b":null,"a":1}],{"b":[],"a":2,"c":["x",[2,1,3]]}]	!	tuple required
    ["tuple",["dynamic",["object",{"c":["list","number"],"b":["object",{}]},["c"]]]]	[[1,2,1],{"c":[null],"b":{}}]	[[1,2,1],{"b":{},"c":[null]}]	tuple([tuple([number,number,number]),object({b=object({}),c=list(number)})])
    "string"	{"a":"2","c":3}	!	string required
    ["object",{"a":"dynamic","c":["object",{"b":["object",{"a":"dynamic"}],"a":["set","number"]}],"b":"string"}]	{"a":[],"c":{"b":{"a":2},"a":["x",2.5]},"b":true}	!	.c.a[0]: a number is required
    ["object",{"b":["object",{"a":["map","bool"]}]},["b"]]	[[[2,3,1],3,["a",4,"true"]],[[2,2,1],3,["true",3,"true"]]]	!	object required
    ["object",{"c":["map","string"]},["c"]]	{"c":{"b":"1","c":5}}	{"c":{"b":"1","c":"5"}}	object({c=map(string)})
    ["object",{"a":["object",{}],"c":"string"}]	{"a":{},"c":"a"}	{"a":{},"c":"a"}	object({a=object({}),c=string})
    ["map","bool"]	{}	{}	map(bool)
    ["object",{"c":["object",{"b":["object",{"a":"dynamic"}],"c":"bool"},["b","c"]],"a":"bool"},["a"]]	{}	!	attribute "c" is required
    ["set",["tuple",[["object",{"a":"string"}],"number"]]]	[]	[]	set(tuple([object({a=string}),number]))
    ["list","bool"]	true	!	list of bool required
    ["object",{"a":"dynamic"},["a"]]	[]	!	object required
    ["object",{"b":["tuple",["bool",["set","dynamic"]]],"c":"bool","a":"string"}]	[12345678901234567890,12345678901234567892,12345678901234567890]	!	object required
    "number"	[true,1.5,"x"]	!	number required
    ["map","string"]	{"a":"a","d":"1"}	{"a":"a","d":"1"}	map(string)
    ["tuple",[["set","number"],["map",["object",{"c":"dynamic","b":"dynamic"},["b"]]]]]	[["3",1,null],{"d":{"c":[]},"c":{"c":1,"b":"false"},"b":{"c":{"b":"","a":"3"},"b":[2,2,3]}}]	!	[1]: cannot find a common base type for all elements
    ["map","number"]	true	!	map of number required
    ["set",["list","dynamic"]]	[[]]	[[]]	set(list(dynamic))
    ["list",["set",["list","dynamic"]]]	[]	[]	list(set(list(dynamic)))
    ["set",["object",{}]]	false	!	set of object required
    ["tuple",[["object",{"c":["map","dynamic"]},["c"]]]]	[{"c":{"c":"x","a":"3"}}]	[{"c":{"a":"3","c":"x"}}]	tuple([object({c=map(string)})])
    "string"	["3"]	!	string required
    "string"	{"b":3,"a":""}	!	string required
    ["list",["map",["object",{"a":"bool"}]]]	[{"a":{"a":"1"}},{"a":{}},{"b":{"a":"no"},"c":{"a":"true"},"a":{"a":"1"}}]	!	element 1: element "a": attribute "a" is required
    ["set",["object",{"c":["object",{"c":"number","a":"dynamic"},["a"]],"a":"string"},["a"]]]	[{"c":{"c":"3","a":{}}}]	[{"a":null,"c":{"a":{},"c":3}}]	set(object({a=string,c=object({a=object({}),c=number})}))
    "number"	[{"b":[3,-1]},{"b":[4,-2]},{"b":[2,-2]}]	!	number required
    ["object",{"a":["object",{"b":["map","dynamic"],"c":["tuple",[]],"a":"string"},["c","a"]],"b":["object",{}],"c":"dynamic"},["c"]]	{"b":{},"c":3}	!	attribute "a" is required
    ["tuple",[["map","bool"],"dynamic"]]	[{"c":"1"},"x"]	[{"c":true},"x"]	tuple([map(bool),string])
    "dynamic"	{"c":true,"a":"3"}	{"a":"3","c":true}	object({a=string,c=bool})
    "number"	false	!	number required
    ["set","bool"]	[{"a":[3,"3","1"]}]	!	element 0: bool required
    ["object",{"c":["list",["map","bool"]]}]	"x"	!	object required
    ["map",["set",["set","string"]]]	{"c":[["1","1","1"],[5,true,5]],"a":[[true,"a"],["true","1","b"],["b"]]}	{"a":[["1","b","true"],["a","true"],["b"]],"c":[["1"],["5","true"]]}	map(set(set(string)))
    ["list","number"]	[null,1]	[null,1]	list(number)
    ["list",["tuple",[["map","number"]]]]	[[{}]]	[[{}]]	list(tuple([map(number)]))
    ["list","bool"]	3	!	list of bool required
    ["set","bool"]	["1","0","0"]	[false,true]	set(bool)
    ["object",{"a":["object",{}]}]	{"a":{}}	{"a":{}}	object({a=object({})})
    ["object",{"a":["object",{"b":"bool","a":["set","number"],"c":["object",{}]}]}]	[]	!	object required
    ["tuple",["number",["set","number"]]]	[2.5,"x"]	!	tuple required
    ["map","number"]	{"c":{"c":"3"},"b":2.5}	!	element "c": number required
    ["set","number"]	["3",1]	[1,3]	set(number)
    "dynamic"	{"b":null,"c":true,"a":"0"}	{"a":"0","b":null,"c":true}	object({a=string,b=dynamic,c=bool})
    ["object",{"a":["object",{"b":["set","dynamic"],"a":"string"},["b"]],"b":["object",{"a":"dynamic","b":["map","number"]},["a","b"]]},["b"]]	[["a"],["3"]]	!	object required
    ["list",["object",{}]]	-3	!	list of object required
    ["object",{"c":["object",{"a":"string"}]}]	"3"	!	object required
    ["map",["list","string"]]	"2.50"	!	map of list of string required
    ["list","bool"]	{"b":["1"],"a":{}}	!	list of bool required
    ["object",{"a":["object",{"c":"bool"},["c"],{"c":true}]},["a"]]	{"a":{"c":"true"}}	{"a":{"c":true}}	object({a=object({c=bool})})
    "string"	{}	!	string required
    "dynamic"	{"c":{"c":12345678901234567890,"b":{"c":"x"}},"b":""}	{"b":"","c":{"b":{"c":"x"},"c":12345678901234567890}}	object({b=string,c=object({b=object({c=string}),c=number})})
    "dynamic"	[]	[]	tuple([])
    ["tuple",[["tuple",[["object",{"a":"dynamic","c":"bool","b":"number"},["c"]]]],["object",{"c":"string","a":"string","b":["map","bool"]},["c","a","b"]]]]	[[{"c":"true","b":null}],{"c":"a","b":{"b":"true"}}]	!	tuple required
    ["object",{"c":["set","bool"],"a":["object",{"b":["set","number"],"c":["list","bool"]}]}]	{"c":[],"a":{"b":[2.5,1,null],"c":[["a","a"]]}}	!	attribute "a": attribute "c": element 0: bool required
    ["map",["map",["object",{"c":"dynamic"},["c"]]]]	["1"]	!	map of map of object required
    ["map","number"]	"false"	!	map of number required
    ["set","dynamic"]	[2,true]	!	all set elements must have the same type
    ["list",["object",{"b":"number"}]]	[{}]	!	element 0: attribute "b" is required
    "bool"	"2"	!	a bool is required
    ["object",{"a":"dynamic","c":["object",{"a":["list","number"]}],"b":"number"},["a"]]	"True"	!	object required
    ["tuple",[["tuple",[["tuple",["number"]],["set","number"]]]]]	[2]	!	tuple required
    ["object",{"b":"dynamic","a":"dynamic"},["b"]]	{"b":"1","a":"2"}	{"a":"2","b":"1"}	object({a=string,b=string})
    "bool"	"false"	false	bool
    ["set","dynamic"]	[]	[]	set(dynamic)
    ["tuple",["bool",["set",["map","dynamic"]]]]	[1,[{"c":{"a":"x"},"d":["True","a","True"]},{},{}]]	!	tuple required
    ["object",{"b":"dynamic","a":["list","dynamic"]},["b"]]	{"b":[3,4],"a":[2,"2","1"]}	{"a":["2","2","1"],"b":[3,4]}	object({a=list(string),b=tuple([number,number])})
    ["map",["list","string"]]	"x"	!	map of list of string required
    ["map",["set","bool"]]	{"a":[]}	{"a":[]}	map(set(bool))
    "string"	{"c":true}	!	string required
    ["map",["map",["object",{}]]]	{"d":{"c":{}},"a":{"a":{},"b":{}}}	{"a":{"a":{},"b":{}},"d":{"c":{}}}	map(map(object({})))
    "string"	"3"	"3"	string
    ["object",{"a":"bool","c":["set",["list","bool"]],"b":["list",["tuple",["dynamic","number"]]]}]	12345678901234567890	!	object required
    "bool"	[]	!	bool required
    ["set","string"]	[5,"1"]	["1","5"]	set(string)
    ["list","bool"]	2	!	list of bool required
    ["object",{"a":"string","c":"number","b":["set",["set","string"]]}]	{"a":"x","c":null,"b":[[],[],[null,"1",null]]}	{"a":"x","b":[["1",null],[]],"c":null}	object({a=string,b=set(set(string)),c=number})
    ["tuple",["dynamic",["tuple",[["object",{"b":"dynamic","a":"bool"},["a"]]]]]]	[1,[{"b":[2,"2"],"a":"0"}]]	[1,[{"a":false,"b":[2,"2"]}]]	tuple([number,tuple([object({a=bool,b=tuple([number,string])})])])
    ["list","number"]	[]	[]	list(number)
    ["list",["set","number"]]	[]	[]	list(set(number))
    ["set",["tuple",[["set","bool"],"string"]]]	false	!	set of tuple required
    ["map","number"]	{"b":"a","a":"x"}	!	["a"]: a number is required
    ["map",["tuple",[["object",{"b":"dynamic"}],["tuple",["string","bool"]]]]]	{"d":[{},[5,"true"]],"a":[{"b":3},["b",true]]}	!	element "d": tuple required
    ["object",{"c":["tuple",[["set","number"],"string"]],"a":["map",["list","number"]]},["a"]]	{"a":{}}	!	attribute "c" is required
    ["list",["object",{"b":["list","bool"],"a":["object",{"c":"string","a":"dynamic","b":"number"}]},["b"]]]	[{"a":3},{"a":{"c":null}}]	!	element 0: attribute "a": object required
    ["object",{"b":"number"}]	{"b":1}	{"b":1}	object({b=number})
    ["set",["object",{"a":["tuple",["bool"]]}]]	[]	[]	set(object({a=tuple([bool])}))
    ["map","bool"]	{"c":"1","b":"no","a":true}	!	["b"]: a bool is required
    ["tuple",[["set",["map","dynamic"]]]]	[[]]	[[]]	tuple([set(map(dynamic))])
    ["list",["map",["tuple",["dynamic","string"]]]]	[true]	!	element 0: map of tuple required
    ["object",{"b":"number","c":["set",["object",{"c":"string","a":"string"},["c"]]]},["b"]]	1	!	object required
    ["set","number"]	[]	[]	set(number)
    "dynamic"	"x"	"x"	string
    "dynamic"	{"b":"x","a":"x","c":false}	{"a":"x","b":"x","c":false}	object({a=string,b=string,c=bool})
    ["object",{"b":"bool","c":["object",{"b":"number","a":["set","bool"]}],"a":["set",["map","string"]]},["b"]]	{"b":"1","c":{"b":"3","a":["true"]},"a":[{"a":"1"},{"a":null,"d":"1"},{}]}	{"a":[{"a":"1"},{"a":null,"d":"1"},{}],"b":true,"c":{"a":[true],"b":3}}	object({a=set(map(string)),b=bool,c=object({a=set(bool),b=number})})
    "number"	[["a",[-3],"1"],["a",[-3],"1"]]	!	number required
    ["object",{"b":["object",{"b":["object",{"a":"bool","c":"bool","b":"string"},["a","c"],{"c":true}]}],"c":["object",{"b":["set","dynamic"]}]}]	{}	!	attributes "b" and "c" are required
    "number"	"false"	!	a number is required
    "dynamic"	{"b":"x","c":"1"}	{"b":"x","c":"1"}	object({b=string,c=string})
    ["list",["object",{"c":["tuple",["string","number"]]}]]	[{"c":[1.5]},{"c":[null,2.5]},{"c":["true",1]}]	!	element 0: attribute "c": tuple required
    ["list",["tuple",["bool","bool"]]]	[2]	!	element 0: tuple required
    ["map",["object",{"c":"string"},["c"]]]	{"a":{"c":"1"},"c":{"c":["1","1"]},"b":{"c":"true"}}	!	element "c": attribute "c": string required
    ["object",{"b":"bool"}]	{"b":true}	{"b":true}	object({b=bool})
    ["object",{"b":"number","c":["set",["list","string"]],"a":["object",{}]},["b"]]	true	!	object required
    ["set",["list","string"]]	[["b"],[5,"1"],[5]]	[["5","1"],["5"],["b"]]	set(list(string))
    "string"	[5,4,4]	!	string required
    ["tuple",["dynamic","bool"]]	["3","no"]	!	[1]: a bool is required
    ["map",["object",{"b":["map","dynamic"],"a":"dynamic"}]]	{}	{}	map(object({a=dynamic,b=map(dynamic)}))
    ["object",{"b":["object",{}]}]	{"b":{}}	{"b":{}}	object({b=object({})})
    ["tuple",[["object",{"b":["object",{"b":"dynamic","a":"string","c":"number"},["a"]],"c":["set","number"]},["c"]],["object",{}]]]	"x"	!	tuple required
    ["list",["map","dynamic"]]	[{"b":0,"c":"x"}]	[{"b":"0","c":"x"}]	list(map(string))
    ["object",{"b":"string","a":["tuple",[["object",{"a":"bool","c":"bool"},["c"]],["tuple",[]]]]}]	{"b":true,"a":[{"c":"no"},[]]}	!	attribute "a": tuple required
    ["list","bool"]	"3"	!	list of bool required
    ["object",{"a":["map","number"],"b":["tuple",["string"]]},["b"]]	{"b":["b"]}	!	attribute "a" is required
    ["object",{"c":["set","number"],"a":["list","dynamic"],"b":"number"},["b"]]	{"c":[],"a":["b",["0","0","1"]]}	!	attribute "a": all list elements must have the same type
    ["tuple",["bool",["tuple",[["tuple",[]]]]]]	0	!	tuple required
    ["set","bool"]	[12345678901234567890,"true","no"]	!	element 0: bool required
    ["tuple",[]]	{"b":"x"}	!	tuple required
    ["set",["object",{"c":["object",{}],"a":["object",{"a":"dynamic","b":"dynamic","c":"dynamic"},["a"]]},["c"]]]	[{"c":{},"a":{"b":{"c":"2"},"c":false}},{"c":{},"a":{"a":[],"b":"x"}},{"c":{}}]	!	element 1: attribute "a": attribute "c" is required
    ["map",["object",{"a":["tuple",["number","number"]]}]]	{"c":{}}	!	element "c": attribute "a" is required
    ["map",["object",{}]]	{}	{}	map(object({}))
    ["set",["list",["tuple",["string","string"]]]]	[[[true,"True"],["a","b"]],[],[["1","true"],[true,"1"]]]	[[["1","true"],["true","1"]],[["true","True"],["a","b"]],[]]	set(list(tuple([string,string])))
    ["map",["tuple",["string"]]]	{"d":["a"]}	{"d":["a"]}	map(tuple([string]))
    ["map","bool"]	{"c":"1","d":"0","a":true}	{"a":true,"c":true,"d":false}	map(bool)
    ["list",["set",["list","string"]]]	[[["a","1","1"],["a"],[5]]]	[[["5"],["a","1","1"],["a"]]]	list(set(list(string)))
    ["set",["tuple",[["object",{}]]]]	1.5	!	set of tuple required
    ["object",{"b":"string"}]	{}	!	attribute "b" is required
    ["list","dynamic"]	[null,[false,true,false]]	!	all list elements must have the same type
    ["map",["object",{"b":["map","string"],"a":["object",{}]},["b"]]]	false	!	map of object required
    ["list",["set",["map","dynamic"]]]	[]	[]	list(set(map(dynamic)))
    ["map",["object",{"c":"number","b":["list","number"]},["c"]]]	"x"	!	map of object required
    ["tuple",[["map",["tuple",[]]]]]	[{"c":[],"b":[]}]	[{"b":[],"c":[]}]	tuple([map(tuple([]))])
    ["object",{"a":"bool","c":["object",{"b":"dynamic","a":"number","c":["map","dynamic"]},["a","c"]],"b":"string"},["b"]]	{"a":false,"c":{"b":"3","c":{"c":"false","a":"2.50","d":[3]}},"b":null}	!	attribute "c": attribute "c": all map elements must have the same type
    ["list","number"]	["3"]	[3]	list(number)
    ["list",["map","bool"]]	[{"a":true,"d":"1"}]	[{"a":true,"d":true}]	list(map(bool))
    ["object",{"a":"dynamic","b":["list","dynamic"]},["b"]]	{"a":{}}	{"a":{},"b":null}	object({a=object({}),b=list(dynamic)})
    ["object",{"a":["set",["list","number"]],"c":["tuple",[]]}]	1	!	object required
    ["set","number"]	[2.5,null,"3"]	[2.5,3,null]	set(number)
    ["list","string"]	3	!	list of string required
    ["object",{"b":["object",{"c":"bool"},["c"],{"c":true}]}]	{}	!	attribute "b" is required
    ["set","dynamic"]	false	!	set of any single type required
    "dynamic"	["2",null,"3"]	["2",null,"3"]	tuple([string,dynamic,string])
    "bool"	{}	!	bool required
    ["list",["set","string"]]	true	!	list of set of string required
    ["object",{"b":["set",["list","number"]],"c":["object",{"b":["map","bool"],"c":["set","bool"],"a":"bool"}],"a":"string"},["b","a"]]	{"b":[["3",2.5,"x"]]}	!	attribute "c" is required
    ["set",["list",["map","dynamic"]]]	[]	[]	set(list(map(dynamic)))
    ["list","number"]	["x"]	!	[0]: a number is required
    ["tuple",["string"]]	["b"]	["b"]	tuple([string])
    ["object",{}]	1	!	object required
    ["list",["object",{"c":"number","b":["object",{"c":"dynamic","b":"dynamic"}]}]]	[{"b":{"c":3,"b":"2"}},{"b":{"c":{"c":2,"b":false},"b":[true]}},{"c":0,"b":{"c":{"b":null,"a":"1"},"b":{"a":"x"}}}]	!	element 0: attribute "c" is required
    ["list","string"]	["true",false,"1"]	["true","false","1"]	list(string)
    ["list",["object",{"c":"bool","b":"number","a":["object",{"c":"dynamic"}]}]]	[]	[]	list(object({a=object({c=dynamic}),b=number,c=bool}))
    ["object",{"a":"dynamic","c":["object",{"b":["object",{"a":"string","c":"bool"},["a","c"]],"c":"number","a":["tuple",["number","dynamic"]]}],"b":["set","dynamic"]}]	{"a":"x","c":{"b":{"a":"b","c":1},"a":["x",{"b":true,"a":-3}]},"b":[]}	!	attribute "c": attribute "c" is required
    "string"	{"c":12345678901234567890}	!	string required
    ["object",{"c":["object",{"b":"string","c":["object",{}],"a":["map","dynamic"]}],"a":"number"}]	{"c":{"b":5,"c":{},"a":{"c":[3,true],"a":[1,3]}}}	!	attribute "a" is required
    ["set",["object",{"a":["list","bool"],"c":["tuple",["dynamic","dynamic"]],"b":"dynamic"}]]	["1"]	!	element 0: object required
    ["object",{"b":["set",["map","bool"]]}]	-3	!	object required
    ["list",["object",{"b":["list","number"],"c":["tuple",["string","number"]]}]]	[1,{"c":[true,"x"]},{"b":[],"c":[true,2.5]}]	!	element 0: object required
    "dynamic"	"2.50"	"2.50"	string
    ["set",["object",{}]]	"x"	!	set of object required
    "bool"	2	!	bool required
    ["tuple",["string",["object",{}]]]	[5,{}]	["5",{}]	tuple([string,object({})])
    ["object",{"c":["list","string"]},["c"]]	{"c":[{"c":"x"},"a","b"]}	!	attribute "c": element 0: string required
    ["object",{"b":["list","string"]}]	{"b":"0"}	!	attribute "b": list of string required
    "dynamic"	"0"	"0"	string
    ["map",["set","number"]]	{"c":[null]}	{"c":[null]}	map(set(number))
    ["map","number"]	1	!	map of number required
    ["set",["object",{"b":["tuple",["dynamic"]],"c":["list","number"],"a":["map","bool"]},["c","a"]]]	"a"	!	set of object required
    ["map",["object",{"c":"bool","b":"dynamic"},["c"]]]	{}	{}	map(object({b=dynamic,c=bool}))
    ["map",["object",{}]]	{"b":{},"c":{}}	{"b":{},"c":{}}	map(object({}))
    ["map","number"]	{"c":"x"}	!	["c"]: a number is required
    ["set",["map",["map","bool"]]]	"True"	!	set of map of map of bool required
    ["tuple",["dynamic"]]	"3"	!	tuple required
    ["tuple",[["tuple",[]],"number"]]	[[],"3"]	[[],3]	tuple([tuple([]),number])
    ["object",{"b":"dynamic","a":["tuple",["dynamic"]]}]	{}	!	attributes "a" and "b" are required
    ["map","bool"]	{"b":"0","d":"1"}	{"b":false,"d":true}	map(bool)
    ["object",{"a":["set","dynamic"]}]	{}	!	attribute "a" is required
    ["list",["list",["list","bool"]]]	[null,[],[]]	[null,[],[]]	list(list(list(bool)))
    ["list",["map",["tuple",[]]]]	""	!	list of map of tuple required
    ["list",["object",{"a":"string","c":["object",{"c":"bool","a":"number","b":"dynamic"},["c","a","b"],{"c":true}],"b":["tuple",[]]},["a"],{"a":"dflt"}]]	[]	[]	list(object({a=string,b=tuple([]),c=object({a=number,b=dynamic,c=bool})}))
    ["set","number"]	[1,null]	[1,null]	set(number)
    ["object",{"c":["map",["object",{"a":"string","b":"number","c":"dynamic"},["a","b","c"],{"a":"dflt"}]],"a":["tuple",["string",["tuple",["dynamic"]]]],"b":["tuple",[["set","bool"],"number"]]},["a"]]	{"c":{"a":{"b":1,"c":0},"b":{"a":"a","b":"x","c":[3]}},"a":[5,[3]],"b":[[false],1]}	!	.c["b"].b: a number is required
    ["set","bool"]	["no","true","1"]	!	[0]: a bool is required
    "string"	-3	"-3"	string
    ["list","number"]	[{},{},{}]	!	element 0: number required
    ["map",["set","bool"]]	{"c":[true,"1","a"]}	!	["c"][2]: a bool is required
    ["object",{"a":["list","dynamic"]}]	3	!	object required
    "string"	{"a":[["x"],["x"],["x"]]}	!	string required
    ["set","string"]	["1","true"]	["1","true"]	set(string)
    ["object",{"a":["set","dynamic"]}]	["a"]	!	object required
    ["tuple",[["list","string"]]]	[["0"]]	[["0"]]	tuple([list(string)])
    ["list","string"]	["true"]	["true"]	list(string)
    ["map",["object",{"a":"dynamic","b":"bool","c":["set","string"]},["a","b"],{"b":true}]]	{"b":{"a":3,"b":"true","c":[true,5]}}	{"b":{"a":3,"b":true,"c":["5","true"]}}	map(object({a=number,b=bool,c=set(string)}))
    ["object",{"a":["set","string"]}]	{"a":[null]}	{"a":[null]}	object({a=set(string)})
    ["object",{"b":"bool","c":["map",["object",{"a":"number"},["a"]]]},["b"],{"b":true}]	[]	!	object required
    "dynamic"	{"c":{"a":3,"b":12345678901234567890,"c":"0"}}	{"c":{"a":3,"b":12345678901234567890,"c":"0"}}	object({c=object({a=number,b=number,c=string})})
    ["list",["map",["tuple",[]]]]	false	!	list of map of tuple required
    ["tuple",[["map",["set","string"]]]]	[{"c":["true"]}]	[{"c":["true"]}]	tuple([map(set(string))])
    ["object",{"a":"string"},["a"],{"a":"dflt"}]	{"a":true}	{"a":"true"}	object({a=string})
    ["list",["set",["map","bool"]]]	[{"c":{"c":false,"a":"x","b":""}},[[]]]	!	element 0: set of map of bool required
    ["object",{"b":["set",["object",{"b":"dynamic"},["b"]]]}]	{"b":[]}	{"b":[]}	object({b=set(object({b=dynamic}))})
    ["map",["set","string"]]	{}	{}	map(set(string))
    ["object",{"b":"number"}]	{"b":"3"}	{"b":3}	object({b=number})
    ["map",["tuple",["string","bool"]]]	{"c":["b","no"],"a":["b","no"]}	!	["a"][1]: a bool is required
    ["tuple",[["map","bool"],"number"]]	[{"d":"no"},null]	!	[0]["d"]: a bool is required
    ["map",["tuple",[]]]	{"b":1}	!	element "b": tuple required
    ["list",["map","number"]]	{"a":"2"}	!	list of map of number required
    ["set","string"]	[true,"1","true"]	["1","true"]	set(string)
    ["map",["list","dynamic"]]	{"a":[null,{},["0"]]}	!	element "a": all list elements must have the same type
    ["list",["set",["map","string"]]]	[[{"d":null},{"c":true,"a":5,"d":5}],[{"d":5},{}]]	[[{"a":"5","c":"true","d":"5"},{"d":null}],[{"d":"5"},{}]]	list(set(map(string)))
    ["map",["list","dynamic"]]	{"a":[["x","3"],null,"1"]}	!	element "a": all list elements must have the same type
    ["tuple",[["tuple",["number","bool"]]]]	[[null,"true"]]	[[null,true]]	tuple([tuple([number,bool])])
    "dynamic"	["abc",1]	["abc",1]	tuple([string,number])
    ["list",["map","bool"]]	[{"c":null,"d":"true"}]	[{"c":null,"d":true}]	list(map(bool))
    ["tuple",[["map",["tuple",["number","string"]]]]]	[{}]	[{}]	tuple([map(tuple([number,string]))])
    ["object",{}]	"3"	!	object required
    ["map","string"]	{"b":"1"}	{"b":"1"}	map(string)
    ["list",["list",["object",{"c":"number","b":"dynamic"}]]]	[]	[]	list(list(object({b=dynamic,c=number})))
    ["map","bool"]	"2"	!	map of bool required
    ["map",["tuple",[["set","dynamic"],["object",{"c":"string","a":"string"},["c","a"],{"c":"dflt"}]]]]	{"a":[],"b":[[],{"a":false}]}	!	element "a": tuple required
    ["object",{"b":["object",{}],"a":["list",["list","number"]]},["b"]]	2	!	object required
    ["object",{"c":"bool","a":["tuple",[]],"b":["object",{"b":"string","a":"bool","c":["map","number"]},["b"],{"b":"dflt"}]}]	{"c":"0","b":{"b":null,"c":true}}	!	attribute "a" is required
    ["object",{"b":"string","a":"number"},["a"],{"a":7}]	{"b":"true","a":"x"}	!	.a: a number is required
    ["list","bool"]	[true,"1"]	[true,true]	list(bool)
    ["list","string"]	12345678901234567890	!	list of string required
    ["object",{"a":["set",["object",{"c":"dynamic"}]],"c":["object",{"a":["tuple",["dynamic"]],"c":"string","b":"number"},["a","c"]],"b":"bool"},["b"]]	{"c":{"a":[12345678901234567890],"b":"x"},"b":true}	!	attribute "a" is required
    ["object",{"b":"dynamic","c":"number","a":["set",["list","string"]]},["c"]]	{"c":1,"a":[]}	!	attribute "b" is required
    "number"	["2.50"]	!	number required
    ["object",{"b":"dynamic","a":["set",["tuple",["dynamic"]]]},["b"]]	{"b":2,"a":[]}	{"a":[],"b":2}	object({a=set(tuple([dynamic])),b=number})
    ["tuple",[]]	"false"	!	tuple required
    ["object",{"c":["tuple",[["set","dynamic"]]],"a":["map","number"],"b":"string"},["b"],{"b":"dflt"}]	{"c":[[]],"a":{"d":1,"c":null},"b":"1"}	{"a":{"c":null,"d":1},"b":"1","c":[[]]}	object({a=map(number),b=string,c=tuple([set(dynamic)])})
    ["tuple",[["list","dynamic"],["object",{"a":["set","dynamic"]}]]]	[{"b":null}]	!	tuple required
    ["map",["object",{"b":["object",{"a":"string","b":"string","c":"string"},["c"]]}]]	{"b":{"b":{"a":5,"b":"b","c":5}},"d":{"b":{"a":"b","c":"1"}}}	!	element "d": attribute "b": attribute "b" is required
    ["object",{"a":"string","c":"dynamic"},["a"]]	{}	!	attribute "c" is required
    ["set",["object",{"c":"number","a":"bool","b":["list","string"]},["c"]]]	[]	[]	set(object({a=bool,b=list(string),c=number}))
    ["object",{"c":"bool"}]	"3"	!	object required
    ["object",{"b":["tuple",["string","bool"]],"a":["object",{"c":"string"},["c"]],"c":["map",["object",{"a":"number"}]]},["a","c"]]	{"b":["a","no"],"a":{}}	!	.b[1]: a bool is required
    ["list",["object",{"c":"number","a":["set","number"]}]]	["1",{"c":1,"a":[null,null,1]}]	!	element 0: object required
    ["tuple",[["map","dynamic"]]]	[{"d":{"b":"1","a":0},"b":"2"}]	!	tuple required
    ["map","number"]	{}	{}	map(number)
    ["list",["map",["set","number"]]]	[{}]	[{}]	list(map(set(number)))
    ["set",["tuple",["number",["map","string"]]]]	["2"]	!	element 0: tuple required
    ["set","number"]	2	!	set of number required
    "dynamic"	1	1	number
    ["object",{}]	{"b":"0"}	{}	object({})
    ["map","dynamic"]	{"b":3,"d":[false,false,false]}	!	all map elements must have the same type
    ["set",["object",{}]]	2	!	set of object required
    ["set",["object",{"c":["set","number"],"a":"number","b":"dynamic"},["a"]]]	[]	[]	set(object({a=number,b=dynamic,c=set(number)}))
    "bool"	["x"]	!	bool required
    "dynamic"	{"c":12345678901234567890,"a":true}	{"a":true,"c":12345678901234567890}	object({a=bool,c=number})
    ["list","bool"]	{"c":{"a":{},"c":1},"b":null}	!	list of bool required
    ["tuple",[["set","bool"],["object",{}]]]	{"c":-3,"b":""}	!	tuple required
    ["object",{"a":"bool","c":["object",{}]}]	{"a":true,"c":{}}	{"a":true,"c":{}}	object({a=bool,c=object({})})
    ["object",{"c":["object",{}]}]	0	!	object required
    ["set",["tuple",[]]]	"1"	!	set of tuple required
    ["set",["list","dynamic"]]	[[true,["x"]],[{"c":2,"b":false}],[]]	!	element 0: all list elements must have the same type
    ["object",{"a":["object",{"b":"dynamic","a":["object",{"c":"number","b":"string"}]},["b","a"]],"b":["object",{"b":"number","a":"string"},["b","a"]],"c":"bool"},["b","c"],{"c":true}]	{"b":{"b":null,"a":true},"c":"2"}	!	attribute "a" is required
    ["object",{"a":["object",{}],"c":"dynamic"}]	{"a":3,"c":{"a":3,"c":0,"b":"x"}}	!	attribute "a": object required
    ["set","dynamic"]	[null,true,[2]]	!	all set elements must have the same type
    ["object",{"b":"string","c":["tuple",[]],"a":["tuple",[["list","bool"]]]}]	{"b":5,"c":[],"a":[["no","1",false]]}	!	.a[0][0]: a bool is required
    ["map",["tuple",[]]]	{}	{}	map(tuple([]))
    "bool"	"True"	!	a bool is required; to convert from string, use lowercase "true"
    ["set",["set",["object",{"b":"dynamic","c":"number"}]]]	[]	[]	set(set(object({b=dynamic,c=number})))
    ["object",{"b":["object",{"a":"string","c":["object",{"a":"bool","c":"number","b":"bool"}]}],"c":["set",["set","string"]]}]	{"c":[12345678901234567890,[5]]}	!	attribute "b" is required
    ["set","number"]	["x","x",null]	!	[0]: a number is required
    ["object",{"b":["object",{}],"a":"string"}]	{"b":{},"a":"true"}	{"a":"true","b":{}}	object({a=string,b=object({})})
    ["object",{"c":"bool","a":["object",{"a":"number","c":"string"}],"b":"dynamic"},["c","b"]]	{"a":-3}	!	attribute "a": object required
    ["set","bool"]	[false]	[false]	set(bool)
    ["tuple",["bool",["list",["object",{"a":"string","b":"bool","c":"number"},["a","c"]]]]]	["true",[]]	[true,[]]	tuple([bool,list(object({a=string,b=bool,c=number}))])
    ["object",{"b":"dynamic"}]	["2","2"]	!	object required
    ["map",["list",["tuple",["bool","bool"]]]]	{}	{}	map(list(tuple([bool,bool])))
    "string"	3	"3"	string
    "dynamic"	[[null],[null],[null]]	[[null],[null],[null]]	tuple([tuple([dynamic]),tuple([dynamic]),tuple([dynamic])])
    ["list",["map","number"]]	[{}]	[{}]	list(map(number))
    ["set",["list",["object",{}]]]	[]	[]	set(list(object({})))
    ["map",["list",["set","number"]]]	{"c":[]}	{"c":[]}	map(list(set(number)))
    ["map",["map","dynamic"]]	1	!	map of map of any single type required
    ["tuple",["bool",["object",{"b":["map","bool"],"a":"dynamic","c":["tuple",["dynamic"]]}]]]	["1",{"a":3,"c":[null]}]	!	tuple required
    ["object",{"a":"dynamic"}]	[]	!	object required
    "dynamic"	[4]	[4]	tuple([number])
    ["set","string"]	["true",null,true]	["true",null]	set(string)
    ["set","number"]	[{"b":"1","a":"x"},"3"]	!	element 0: number required
    ["object",{"c":"string","a":["tuple",[]],"b":"dynamic"}]	"a"	!	object required
    ["object",{"c":"bool","a":["map",["set","number"]],"b":["set",["object",{"b":"dynamic"}]]},["c","a","b"]]	{"c":"true","b":[]}	{"a":null,"b":[],"c":true}	object({a=map(set(number)),b=set(object({b=dynamic})),c=bool})
    ["object",{"b":["list",["map","number"]],"c":"string","a":["object",{"c":["tuple",[]]}]}]	{"b":[{"d":"x"},{"c":1,"d":"x"},{"a":1,"d":"3"}],"c":"true","a":{"c":[]}}	!	.b[0]["d"]: a number is required
    ["map",["map","bool"]]	"x"	!	map of map of bool required
    ["tuple",[]]	"a"	!	tuple required
    ["map","number"]	{"b":"x"}	!	["b"]: a number is required
    ["set",["tuple",[["tuple",["dynamic"]],"bool"]]]	[[[{}],"no"],[["b"],"true"]]	!	[0][1]: a bool is required
    ["object",{}]	[null,null,null]	!	object required
    ["list",["set","string"]]	[[true,5],[],[5,"true"]]	[["5","true"],[],["5","true"]]	list(set(string))
    ["list",["map",["map","dynamic"]]]	[{"a":{"b":null},"b":{"c":{"a":"2","c":"2"}}},{"a":{}},{"a":{}}]	!	[0]: attribute types must all match for conversion to map
    """##
