// Package model is the executable specification: the documented semantics as a pure nondeterministic
// transition system.
//
// # How it moves
//
// A [State] moves by acts. [Enabled] lists the acts that the rules allow, [Apply] performs one in place and
// logs what it overwrote, [State.Revert] takes it back. Every internal choice - which zombie is reported,
// which of two equal cleanups runs first, what a SILENT clause leaves open - is a parameter of an act, so
// nothing is hidden: a scheduler that picks one act simulates, a checker that keeps all that fit judges, a
// search that tries all explores.
//
// The environment - the code of a case - enters by three inputs that are not acts of the specification:
// [State.Call] opens an operation on a frame, [State.Return] takes its outcome, [State.Leave] ends the
// frame's code. Between the first two the operation takes effect by acts, or waits: then no act of it is
// enabled.
//
// # How a rule reads
//
// Each operation has a rule (rule.go), in the chapter that it belongs to. Decode reads the arguments of a
// call, once; enabled lists the acts by which the open operation may go on, one for each way; effect performs
// one. What happens without an operation is an act of its own kind (act.go): a process begins, unwinds, runs
// a cleanup, dies; a child obeys; the clock moves.
//
// A branch of a rule that embodies a clause cites it there: s.cite("REAP-STAT-2"). What is settled by the
// arguments alone is cited where they are decoded; what holds an operation back, where enabled lists no act.
// Who wants to know listens by [State.CiteInto], and it costs nothing where nobody does (citation.go).
//
// Small decisions within a rule - whom a pid selects, what two forms are the same - are functions and values
// of the law (law.go), as the documents have them: documentedReaping. A [Mutant] is a row in the table of its
// chapter that amends the law, in a file mutants_*.go. A rule knows nothing of mutants, and what only they
// need is in their files.
//
// Where the documents leave something open and our own systems do one thing, a closed state does that too; an
// open one goes every way that the catalogue lists ([Config].Open, open.go), since a judge looks at it. A
// choice that a whole system makes once for all is sticky (sticky.go).
//
// # What lives where
//
// Each chapter has files that begin with its name, where there are several by families of clauses: REAP-SEL-2
// is in reap_sel.go.
//
//	CLEAN, DEP     cleanup*.go    registrations, and the phase in which they run
//	SEND           send*.go       process-send and what it does to a priority
//	MBOX           mailbox.go     queues; room.go how they grow and who waits, capacity.go their open sizes
//	EVENT          event.go       waiting for events, with mailboxes; event_handle.go and event_all.go handle them
//	PROC           process.go     with creation.go, life.go, join.go, list.go, priority.go, terminate.go, interrupt.go
//	BIND           binding*.go    values of symbols, and what *process-initial-bindings* makes of them
//	REAP           reap*.go       with child*.go, the children themselves, and shell.go, which starts them
//	EXT            program*.go    external programs, which are children, with stream.go, descriptor.go and file.go:
//	                              what they read and write
//	control        control.go     nested code: unwind-protect, handlers, throws
//	the kit        kit.go         logs, cells, gates: what the processes of a case share
//
// Beneath them is the engine, which knows no clause:
//
//	state.go       cells of 64 bits, the log that takes writes back, the hash that is kept incrementally
//	object.go      which cells an object of each kind has
//	universe.go    values, names and forms interned to integers; objects named by who made them
//	sequence.go    queues and chains within objects
//	bytes.go       queues of bytes within objects; run.go the runs of bytes that they hold
//	thread.go      what executes frames: processes, and threads that are none
//	image.go       running Lisps, each with its own processes and names, on one system
//	frame.go       code that runs, nested: bodies, and what comes between; what holds in its scope
//	slot.go        what an open operation keeps: its arguments, and what its rule notes
//	act.go         what is enabled, what is applied
//	footprint.go   what an act reads and writes, and so which acts depend on each other
//	rule.go        calls, outcomes, the table of rules
//	timer.go       deadlines that outlive the call which set them
//	clock.go       time stands still but for an act of its own
//	park.go        who waits isn't asked again before what it waits for is touched
//
// And these are for those who drive a state: observe.go for a judge, machine.go for a machine that runs
// programs as data, waits.go for the report of a deadlock, actclass.go and citation.go for coverage.
//
// # Adding to it
//
// A new operation is a row of the table in package spec, a rule in its chapter, which is listed in rule.go,
// and mutants that its cases must kill. Cells that a rule needs are named in object.go; all writes go through
// the state's own set, so undo and hash need no care. The tests of this package drive random calls and check
// both. Whatever is added must not cost acts that don't use it: BenchmarkApplyRevert.
package model
