package main

import (
	"slices"
	"testing"

	"github.com/mpcheck/mpcheck/adapters/native"
	"github.com/mpcheck/mpcheck/conformance"
	"github.com/mpcheck/mpcheck/fuzz"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

// lacking are the parts that an operation does without, with the reason.
var lacking = map[string]string{
	"ignore-child-signals: mutant":       "what becomes of children then is left open",
	"ignore-child-signals: maker":        "of programs with it little could be judged: what becomes of children then is left open",
	"os-wait: native":                    "it is reap-os-subprocess with its flag inverted",
	"with-other-threads-disabled: maker": "where its body waits for another process nothing goes on any more, which says nothing of anybody",
	"mailbox-reader-process: native":     "only a liberty of native's claims it: no page of the last releases has it",
	"mailbox-reader-process: mutant":     "what it answers is left open",
	"pid-state: maker":                   "what the operating system says of a process depends on nothing that the specification has",
	"initialize-multiprocessing: maker":  outsideImages,
	"save-image: maker":                  outsideImages,
	"deliver: maker":                     outsideImages,
	"build-library: native":              "a library of Go's is its own program: nothing of a running one could be built into it",
	"build-library: maker":               outsideImages,
	"quit: maker":                        outsideImages,
	"launch: maker":                      outsideImages,
	"type-in: maker":                     outsideImages,
	"image-wait: maker":                  outsideImages,
	"make-board: maker":                  outsideImages,
	"board-post: maker":                  outsideImages,
	"board-read: maker":                  outsideImages,
	"board-await: maker":                 outsideImages,
}

const outsideImages = "a program is the code of one image"

// Each operation of the table has all that an operation has - a rule, a case, native, a mutant, a maker of
// fuzzed programs - or stands in the list with a reason. The page is docs/adding-an-operation.md.
func TestOperationsAreWhole(t *testing.T) {
	inCases := map[string]bool{}
	if err := simulate(t.Context(), conformance.Cases(), 1, func(_ string, labels []spec.Label) {
		for _, l := range labels {
			if l.Kind == spec.CallLabel {
				inCases[l.Call.Op] = true
			}
		}
	}); err != nil {
		t.Fatal(err)
	}
	adapter := native.New()
	defer adapter.Close()
	offered, inPrograms := adapter.Handshake(), fuzz.Operations()
	mutated := func(op *spec.Op) bool {
		return slices.ContainsFunc(model.Mutants, func(m model.MutantInfo) bool {
			return slices.ContainsFunc(m.Clauses, func(id string) bool { return slices.Contains(model.ClausesOf(op.Name), id) })
		})
	}
	reasons := map[string]bool{}
	for _, op := range spec.Ops {
		parts := map[string]bool{"rule": model.HasRule(op.Name), "case": inCases[op.Name], "maker": slices.Contains(inPrograms, op.Name)}
		if !op.Is(spec.ByHarness) {
			parts["native"] = offered.Offers(op.Name)
		}
		if op.Capability == spec.Foreign && !offered.Has(spec.Foreign) { // native was built without C
			delete(parts, "native")
			reasons[op.Name+": native"] = true
		}
		if !op.Is(spec.Kit) { // no clause is of the kit
			parts["mutant"] = mutated(op)
		}
		for part, there := range parts {
			reason := lacking[op.Name+": "+part]
			reasons[op.Name+": "+part] = true
			if there == (reason != "") {
				t.Errorf("%s has its %s: %v; listed as %q", op.Name, part, there, reason)
			}
		}
	}
	for what := range lacking {
		if !reasons[what] {
			t.Errorf("%q is no part that an operation has", what)
		}
	}
}
