package conformance

import "github.com/mpcheck/mpcheck/spec"

// What the tests outside the package look at.
func OperationOf(manner string) string             { return operationOf(manner) }
func About(op *spec.Op, clauses ...string) bool    { return about(op, clauses...) }
func Sentence(call spec.Call, hanging bool) string { return sentence(call, hanging) }
