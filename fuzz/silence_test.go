package fuzz

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mpcheck/mpcheck/adapters/native"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
	"github.com/mpcheck/mpcheck/spec/program"
	"github.com/mpcheck/mpcheck/traces"
)

// twoSenders is a program in which two limited senders wait at a full mailbox, of which the test
// reads so many objects.
func twoSenders(reads int) *program.Program {
	sender := []program.Step{call("mailbox-send-limited", nil, program.Named("m"), 2, 1)}
	test := []program.Step{
		{Name: "m", Call: spec.NewCall("make-mailbox", []any{key.Size(1)})},
		call("mailbox-send", nil, program.Named("m"), 1),
		{Name: "f", Call: spec.NewCall("make-function", nil, spec.Callback(1))},
		{Name: "p", Call: spec.NewCall("process-run-function", nil, "p", nil, program.Named("f"))},
		{Name: "q", Call: spec.NewCall("process-run-function", nil, "q", nil, program.Named("f"))},
		call("pause", nil, spec.Double(0.02)),
	}
	for range reads {
		test = append(test, call("mailbox-read", []any{nil, 0}, program.Named("m")))
	}
	return &program.Program{Blocks: [][]program.Step{test, sender}}
}

// newDeaf is native whose mailbox-send-limited never hears of room.

func newDeaf() spec.Adapter {
	h := native.New().Handshake()
	never := spec.Call{Op: "process-wait", Args: []spec.Value{spec.Nil{}, spec.Never()}}
	return deafened{native.New(), h, never}
}

type deafened struct {
	spec.Adapter
	h     spec.Handshake
	never spec.Call
}

func (d deafened) Handshake() spec.Handshake { return d.h }

func (d deafened) Open(ctx context.Context, cfg spec.SystemConfig) (spec.System, error) {
	to := cfg.Recorder
	open := &sync.Map{}
	cfg.Recorder = recorder(func(l spec.Label) {
		if l.Kind == spec.CallLabel { // what is written down is what was asked for
			if asked, ok := open.Load(l.Frame); ok && l.Call.Op == d.never.Op {
				l.Call = asked.(spec.Call)
			}
		}
		to.Record(l)
	})
	sys, err := d.Adapter.Open(ctx, cfg)
	return deafSystem{sys, d.never, open}, err
}

type deafSystem struct {
	spec.System
	never spec.Call
	open  *sync.Map // calls, by frame
}

// Register has the code's limited sends wait for nothing.
func (s deafSystem) Register(fn spec.Func) spec.Callback {
	return s.System.Register(func(f spec.Frame, args []spec.Value) []spec.Value {
		return fn(deafFrame{f, s}, args)
	})
}

type deafFrame struct {
	spec.Frame
	s deafSystem
}

func (f deafFrame) Process() spec.Value { return spec.ProcessOf(f.Frame) }

func (f deafFrame) Do(c spec.Call) spec.Return {
	if c.Op != "mailbox-send-limited" {
		return f.Frame.Do(c)
	}
	for n := 1; n <= 2; n++ { // the frames of the two senders
		f.s.open.Store(n, c)
	}
	return f.Frame.Do(f.s.never)
}

func TestSilenceConvictsWhoCouldGoOn(t *testing.T) {
	for name, x := range map[string]struct {
		adapter spec.Adapter
		reads   int
		hung    bool
	}{
		"room for both":                  {native.New(), 2, false},
		"room for one":                   {native.New(), 1, false},
		"no room":                        {native.New(), 0, false},
		"room that nobody hears of":      {newDeaf(), 1, true},
		"no room, which nobody hears of": {newDeaf(), 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run, err := ExecuteUntilQuiet(t.Context(), x.adapter, twoSenders(x.reads), spec.SystemConfig{}, 600*time.Millisecond)
			if err != nil {
				t.Fatal(err)
			}
			if run.Hung != x.hung {
				t.Fatalf("hung is %v, want %v: %s", run.Hung, x.hung, run.Report.Text(run.Labels))
			}
			if x.hung && !slices.ContainsFunc(run.Report.Findings[0].Clauses, func(id string) bool { return strings.HasPrefix(id, "MBOX-LIM-") }) {
				t.Errorf("the finding names %v", run.Report.Findings[0].Clauses)
			}
		})
	}
}

// Where a process that waits for a child is to die nothing is said: a kill may not reach it.
func TestSilenceBesideAKilledWait(t *testing.T) {
	call := func(frame int, c spec.Call) spec.Label {
		return spec.Label{Kind: spec.CallLabel, Frame: frame, Call: c}
	}
	waits := call(1, spec.NewCall("reap-os-subprocess", []any{key.Wait(true)}))
	kills := call(0, spec.NewCall("process-kill", nil, spec.Ref{ID: "p"}))
	if !mayJudgeSilence([]spec.Label{waits}) || mayJudgeSilence([]spec.Label{waits, kills}) || mayJudgeSilence(nil) {
		t.Error("silence is judged where it mustn't be, or not where it may")
	}
}

// A test that is stuck in an operation that has to return has hung; one that waits as it must has not, nor one
// in which something happened of late.
func TestStuckTestHasHung(t *testing.T) {
	labels := func(more ...any) []spec.Label {
		p := &program.Program{Blocks: [][]program.Step{{
			{Name: "m", Call: spec.NewCall("make-mailbox", nil)},
			{Call: spec.NewCall("mailbox-read", more, program.Named("m"))},
		}}}
		p.Blocks[0] = append(p.Blocks[0][:1:1], call("mailbox-send", nil, program.Named("m"), 1), p.Blocks[0][1])
		run, err := Execute(context.Background(), native.New(), p, spec.SystemConfig{})
		if err != nil {
			t.Fatal(err)
		}
		var kept []spec.Label
		for _, l := range run.Labels { // as if the object had not been sent
			if l.Call.Op == "mailbox-send" {
				continue
			}
			if kept = append(kept, l); l.Kind == spec.CallLabel && l.Call.Op == "mailbox-read" {
				break
			}
		}
		return kept
	}
	o := traces.OptionsFor(native.New().Handshake())
	const limit = 5 * time.Second
	at := func(l []spec.Label) time.Duration { return l[len(l)-1].At }
	hangs, waits := labels(nil, 0), labels(nil, nil)
	if run := stuckInSilence(nil, hangs, o, at(hangs)+limit, limit); run == nil || !run.Hung {
		t.Error("a read that gives up at once did not hang")
	}
	if run := stuckInSilence(nil, hangs, o, at(hangs)+limit/2, limit); run != nil {
		t.Error("it hung although nothing was silent for long")
	}
	if run := stuckInSilence(nil, waits, o, at(waits)+limit, limit); run != nil {
		t.Errorf("a read without time-out hung:\n%s", run.Report.Text(run.Labels))
	}
}
