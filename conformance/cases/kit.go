package cases

import (
	"slices"
	"time"

	"github.com/mpcheck/mpcheck/spec"
)

// KitFault is an operation of the adapter's kit that does not work. It is the adapter's error and
// says nothing of the implementation: no case can be judged that needs the operation.
type KitFault struct {
	// Operation of the kit.
	Operation string `json:"operation"`
	// Fault says what was asked of it and what came.
	Fault string `json:"fault"`
	// Hangs is true where it never returned when the kit was checked.
	Hangs bool `json:"-"`
}

func (f *KitFault) Error() string {
	return "the adapter's kit is at fault: " + f.Operation + ": " + f.Fault
}

// FaultOf is the fault of an operation, nil where none is known.
func FaultOf(faults []KitFault, operation string) *KitFault {
	if i := slices.IndexFunc(faults, func(f KitFault) bool { return f.Operation == operation }); i >= 0 {
		return &faults[i]
	}
	return nil
}

// maySignal tells whether an operation of the kit may signal an error although it works: it hands
// on what code has signalled, or there is no restart, or a stream is closed, which depends on the system under test.
func maySignal(operation string) bool {
	switch operation {
	case "signal-error", "invoke-restart", "launch", "stream-write", "stream-read-line", "stream-close", "get-output-stream-string":
		return true
	}
	return spec.LookupOp(operation).Is(spec.RunsCode)
}

// isHeld tells whether an operation may never have been sent, because another that may stop the world was called before:
// nobody is spoken to then who has not been heard of since. mu is held.
func (c *C) isHeld(o *opened) bool {
	return slices.ContainsFunc(c.calls.open, func(by *opened) bool {
		return by != o && by.op != nil && by.op.Is(spec.StopsWorld) && by.since.Before(o.since)
	})
}

// kitHangs finds an operation of the kit that is open and should have returned long ago, on any
// process, or one that hung when the kit was checked: what hangs beside that may hang for the same reason; mu is held.
func (c *C) kitHangs() *KitFault {
	if i := slices.IndexFunc(c.kit, func(f KitFault) bool { return f.Hangs }); i >= 0 {
		return &c.kit[i]
	}
	if c.book != nil {
		return nil // its code stands still while others are looked at: how long operations are open says nothing
	}
	for _, o := range c.calls.open {
		if o.op == nil || !o.op.Is(spec.Kit) || o.op.Is(spec.ByHarness) || o.op.Is(spec.RunsCode) {
			continue
		}
		waits := o.op.Is(spec.MayWait)
		ready := !waits
		switch o.call.Op {
		case "await", "pause":
			ready = true // what it was asked to wait for is over, see below
		case "gate-wait":
			ref, ok := o.call.Arg(0).(spec.Ref)
			ready = ok && c.calls.gates[ref]
		}
		if ready && time.Since(o.since) > o.call.Requested()+c.limit()/2 && !c.isHeld(o) {
			return &KitFault{Operation: o.call.Op, Fault: c.who(o) + " hangs in " + o.short() + ", for which nothing is left to wait"}
		}
	}
	return nil
}
