// Package model is the executable specification: the documented semantics as a pure
// nondeterministic transition system.
//
// A [State] moves by acts. [Enabled] lists the acts that the rules allow, [Apply] performs
// one in place and logs what it overwrote, [Revert] takes it back. Every internal choice -
// which zombie is reported, which of two equal cleanups runs first, what a SILENT clause
// leaves open - is a parameter of an act, so nothing is hidden: a scheduler that picks one
// act simulates, a checker that keeps all that fit judges, a search that tries all explores.
//
// The environment - the code of a case - enters by three inputs that are not acts of the
// specification: [State.Call] opens an operation on a frame, [State.Return] takes its
// outcome, [State.Leave] ends the frame's code.
//
// Values, names and forms are interned to integers in a [Universe]. A State keeps all it
// knows in cells of 64 bits, so that undo is generic and the hash incremental.
//
// A newcomer finds clause CLEAN-DUP-7 in cleanup.go: there is a file per chapter of the
// catalogue, and each rule names the clauses it embodies.
package model
