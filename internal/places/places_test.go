package places_test

import (
	"testing"

	"github.com/mpcheck/mpcheck/adapters/native"
	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/internal/places"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

// Every case, every mutant and every clause that a rule cites is found, and what is found exists.
func TestEverythingHasItsPlace(t *testing.T) {
	x := places.Load()
	for _, k := range cases.All() {
		if len(x.Cases[k.ID]) != 1 {
			t.Errorf("case %s: %v", k.ID, x.Cases[k.ID])
		}
	}
	for _, m := range model.Mutants {
		if len(x.Mutants[string(m.Mutant)]) != 1 {
			t.Errorf("mutant %s: %v", m.Mutant, x.Mutants[string(m.Mutant)])
		}
	}
	for _, l := range native.Liberties {
		if len(x.Liberties[l.ID]) != 1 {
			t.Errorf("liberty %s: %v", l.ID, x.Liberties[l.ID])
		}
	}
	a := native.New()
	for op := range a.Handshake().Operations {
		if spec.LookupOp(op) != nil && len(x.Operations[op]) != 1 {
			t.Errorf("operation %s: %v", op, x.Operations[op])
		}
	}
	for id := range x.Cites {
		if spec.Clauses().Lookup(id) == nil {
			t.Errorf("%v: there is no clause %s", x.Cites[id], id)
		}
	}
	for id := range x.Native {
		if spec.Clauses().Lookup(id) == nil {
			t.Errorf("%v: there is no clause %s", x.Native[id], id)
		}
	}
}
