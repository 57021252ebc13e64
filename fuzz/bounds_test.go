package fuzz

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/program"
)

// endless are programs whose runs never end: by code within code, by processes that start
// processes, by values within values.
var endless = map[string]string{
	"frames open at a time": `[{"call": {"op": "unwind-protect", "args": [{"callback": 1}, {"callback": 2}]}}],
		[{"call": {"op": "unwind-protect", "args": [{"callback": 1}, {"callback": 2}]}}],
		[{"call": {"op": "get-current-process"}}]`,
	"did not end within 20000 steps": `[{"name": "code", "call": {"op": "make-function", "args": [{"callback": 1}]}},
		{"name": "box", "call": {"op": "make-mailbox"}},
		{"call": {"op": "process-run-function", "args": ["p", null, {"ref": "code"}]}},
		{"call": {"op": "mailbox-read", "args": [{"ref": "box"}]}}],
		[{"call": {"op": "process-run-function", "args": ["p", null, {"ref": "code"}]}}]`,
	"makes a value of more than 10000 parts": `[{"name": "box", "call": {"op": "make-mailbox"}},
		{"call": {"op": "mailbox-send", "args": [{"ref": "box"}, 1]}},
		{"call": {"op": "unwind-protect", "args": [{"callback": 1}, {"callback": 2}]}}],
		[{"call": {"op": "mailbox-read", "args": [{"ref": "box"}]}},
		{"call": {"op": "mailbox-send", "args": [{"ref": "box"}, [{"ref": "^"}, {"ref": "^"}]]}},
		{"call": {"op": "unwind-protect", "args": [{"callback": 1}, {"callback": 2}]}}],
		[{"call": {"op": "get-current-process"}}]`,
}

func parsed(t *testing.T, blocks string) *program.Program {
	t.Helper()
	p, err := program.Parse([]byte(`{"blocks": [` + blocks + `]}`))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestEndlessProgramsEnd(t *testing.T) {
	for what, blocks := range endless {
		p := parsed(t, blocks)
		var unbounded *program.Unbounded
		if _, err := Exhaust(context.Background(), p, "", 100, 1_000_000); !errors.As(err, &unbounded) || !strings.Contains(err.Error(), what) {
			t.Errorf("explored: %v, want that it %s", err, what)
		}
		sim := refimpl.New(refimpl.Options{StepLimit: program.MaxSteps, FrameLimit: program.MaxFrames})
		if _, err := Execute(context.Background(), sim, p, spec.SystemConfig{}); err == nil || !strings.Contains(err.Error(), what) {
			t.Errorf("executed: %v, want that it %s", err, what)
		}
	}
}

// endsLater is a context that has ended when it is asked the nth time.
type endsLater struct {
	context.Context
	asked, n int
}

func (c *endsLater) Err() error {
	if c.asked++; c.asked < c.n {
		return nil
	}
	return context.Canceled
}

// Whether it goes on is asked within a run too, not only at its end.
func TestExhaustIsCancelledWithinARun(t *testing.T) {
	const steps = 10_000
	blocks := `[{"name": "box", "call": {"op": "make-mailbox"}}` + strings.Repeat(`, {"call": {"op": "mailbox-count", "args": [{"ref": "box"}]}}`, steps) + `]`
	x, err := Exhaust(&endsLater{context.Background(), 0, 3}, parsed(t, blocks), "", 100, 1_000_000)
	if err != nil {
		t.Fatal(err)
	}
	if n := x.Schedules.Transitions; n == 0 || n >= steps {
		t.Errorf("%d steps of the first run were taken after it was cancelled", n)
	}
}
