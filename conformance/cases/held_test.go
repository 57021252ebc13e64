package cases

import (
	"testing"
	"time"

	"github.com/mpcheck/mpcheck/spec"
)

// An operation of the kit that the harness may have held back, because another that may stop the world was called
// before, is no fault of the kit; one that was called before that is.
func TestWhatIsHeldIsNoFaultOfTheKit(t *testing.T) {
	begun := time.Now().Add(-time.Hour)
	pause := func(since time.Time) *opened {
		call := spec.NewCall("pause", nil, 0.01)
		return &opened{call: call, op: spec.LookupOp(call.Op), since: since}
	}
	reap := &opened{call: spec.NewCall("reap-os-subprocess", nil), op: spec.LookupOp("reap-os-subprocess"), since: begun}
	for name, x := range map[string]struct {
		open  []*opened
		fault bool
	}{
		"alone":         {[]*opened{pause(begun)}, true},
		"called after":  {[]*opened{reap, pause(begun.Add(time.Millisecond))}, false},
		"called before": {[]*opened{pause(begun.Add(-time.Millisecond)), reap}, true},
	} {
		c := &C{theCase: &Case{ID: "REAP-WAIT-1/x"}}
		c.calls.open = x.open
		if fault := c.kitHangs(); (fault != nil) != x.fault {
			t.Errorf("%s: %v", name, fault)
		}
	}
}

// Code that is learned stands still while a search goes on: how long is no fault of the kit.
func TestWhatIsLearnedTakesNoTime(t *testing.T) {
	call := spec.NewCall("pause", nil, 0.01)
	open := []*opened{{call: call, op: spec.LookupOp(call.Op), since: time.Now().Add(-time.Hour)}}
	k := &Case{ID: "REAP-WAIT-1/x"}
	for _, c := range []*C{k.on(Stage{System: simulated{}}), k.on(Stage{System: booked{}})} {
		c.calls.open = open
		if fault := c.kitHangs(); (fault != nil) != (c.book == nil) {
			t.Errorf("with the book %v: %v", c.book, fault)
		}
	}
}

type simulated struct{ spec.System }
type booked struct{ spec.Notebook }
