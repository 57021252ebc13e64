// Package script is a trace in terms of the specification, read as a whole before anything is judged: which
// object each reference denotes, what each call was and how it ends, which code will begin. The oracle (package
// traces) moves over it; rooms beside it, such as traces/queues, judge parts of it in ways of their own.
//
//	script.go      a Script, and how it is read
//	call.go        a Call, with its end
//	bind.go        which object of the specification each reference denotes: named by the call that made it
//	children.go    the same of children of the operating system: their process ids and commands
//	programs.go    the same of external programs: paths, process objects, their streams and hooks
//	translate.go   calls and values in terms of these objects
//	teardown.go    from where on the harness ends the system, and nothing counts
//	quiet.go       quiet labels: what could have happened until then and did not
//	part.go        a Part, which is decided by itself
//
// A script is of one goroutine.
package script
