package fuzz

import (
	"maps"
	"slices"

	"github.com/mpcheck/mpcheck/spec"
)

// Follows tells whether a finding, cut down, may well have the cause of an earlier one that was cut down
// too: a clause that binds is named by both, or all that is under test in the earlier program is in this one
// as well - what could go is gone, so it needs that. It is a guess that tells what to read first.
func (f *Failure) Follows(earlier *Failure) bool {
	binds := func(id string) bool {
		c := spec.Clauses().Lookup(id)
		return c != nil && (c.Level == spec.Must || c.Level == spec.Doc)
	}
	if slices.ContainsFunc(f.Clauses(), func(id string) bool { return binds(id) && slices.Contains(earlier.Clauses(), id) }) {
		return true
	}
	of, needed := f.tested(), earlier.tested()
	for op := range needed {
		if !of[op] {
			return false
		}
	}
	return len(needed) > 0
}

// tested is what a program calls beside the kit, and beside what every program begins with.
func (f *Failure) tested() map[string]bool {
	ops := map[string]bool{}
	for _, steps := range f.Program.Blocks {
		for _, s := range steps {
			ops[s.Call.Op] = true
		}
	}
	maps.DeleteFunc(ops, func(name string, _ bool) bool {
		op := spec.LookupOp(name)
		return op == nil || op.Is(spec.Kit) || name == "make-mailbox" || name == "process-run-function"
	})
	return ops
}
