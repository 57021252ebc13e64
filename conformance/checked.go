package conformance

import (
	"cmp"
	"fmt"

	"github.com/mpcheck/mpcheck/spec"
)

// checked is a frame of a case whose operations are checked: what an implementation may not
// answer ends the case, on account of whoever is to blame.
type checked struct {
	spec.Frame
	c       *C
	root    bool // the outermost frame
	lenient bool
	clause  string // that is charged, "" for the case's own
}

// Do implements [spec.Frame].
func (f checked) Do(call spec.Call) spec.Return {
	c, op := f.c, spec.LookupOp(call.Op)
	harness := op != nil && op.Is(spec.ByHarness)
	if !harness && !c.handshake.OffersCall(call) {
		c.end(func() { c.absent = call.String() })
	}
	r := f.ask(call)
	switch {
	case r.Status == spec.Gone && f.root:
		c.end(func() {
			c.failure = &failure{convicts: true, unwound: true, Failure: Failure{
				Clause: f.charged(), Step: c.step,
				Allowed: "the process of the test lives on", Seen: call.String() + " never returned: its process was unwound",
				Message: "nothing that a case does ends the process of the test",
			}}
		})
	case r.Status == spec.Gone, r.Status == spec.Aborted:
		panic(unwind{})
	case r.Status == spec.Absent:
		f.unclaimed(call, op)
	case r.Status == spec.Signalled && r.Condition == nil:
		c.breaks(fmt.Errorf("%s signalled an error without a condition", call))
	case r.Status == spec.Signalled && harness && r.Condition.Type != "timeout":
		// The fault of the harness, or of where it runs: a pid namespace, /proc.
		c.breaks(fmt.Errorf("the harness can't do %s: %w", call, r.Condition))
	case r.Status == spec.Signalled && !f.lenient:
		message := "an operation signalled an error that the case did not expect"
		if harness {
			message = "what the harness awaited did not come about"
		}
		c.charge(f.charged(), call.String()+" returns", r.String(), message, harness)
	}
	if op != nil && !op.Is(spec.Kit) && c.handshake.Composes(call) {
		c.mu.Lock()
		c.composed = true
		c.mu.Unlock()
	}
	return r
}

// ask issues an operation. While one of the outermost frame is open its clause is the one
// that is charged should it hang: only those hang.
func (f checked) ask(call spec.Call) spec.Return {
	if !f.root {
		return f.Frame.Do(call)
	}
	c := f.c
	c.mu.Lock()
	c.blame = f.clause
	c.mu.Unlock()
	r := f.Frame.Do(call)
	if r.Status != spec.Aborted {
		c.mu.Lock()
		c.blame = ""
		c.mu.Unlock()
	}
	return r
}

func (f checked) charged() string { return cmp.Or(f.clause, f.c.kase.Clause()) }

// unclaimed ends a case whose adapter answered absent to what it claims: an untrue claim is
// a failure, not a skip.
func (f checked) unclaimed(call spec.Call, op *spec.Op) {
	c := f.c
	if op == nil || op.Is(spec.Kit) || op.Is(spec.ByHarness) {
		c.breaks(fmt.Errorf("the kit lacks %s, which the adapter claims", call))
	}
	c.convict(f.charged(), "an answer: the adapter claims "+op.Name, call.String()+" is absent",
		"the adapter claims what it doesn't have")
}
