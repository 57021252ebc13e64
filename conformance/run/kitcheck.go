package run

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/spec"
)

// KitCheck is what a self-check of an adapter's kit has found.
type KitCheck struct {
	// Checked are the operations that were tried, in that order; Faults those that don't work.
	Checked []string
	Faults  []cases.KitFault
	// Skipped are the operations that could not be tried, because one was at fault that it takes.
	Skipped []string
	// Childless is true where nobody carries out the harness's operations on children, or on boards, though
	// the adapter claims the capability: it lives in this process.
	Childless bool
}

// An operation of the kit that does not return within kitLimit, or the limit of a case if that is
// shorter, is tried once more with that limit, and no less than kitPatience: the machine may be slow.
const (
	kitLimit    = 2 * time.Second
	kitPatience = 5 * time.Second
)

// CheckKit tries each operation of the kit that the adapter claims, once, in a system of its own
// or, where one hangs, in a few. It takes milliseconds where all work. limit is that of one
// operation on a real clock, 0 for the default. The error is about an adapter that opens no system.
func CheckKit(ctx context.Context, adapter spec.Adapter, limit time.Duration) (*KitCheck, error) {
	if limit == 0 {
		limit = spec.DefaultWatchdog
	}
	check := &KitCheck{}
	h := adapter.Handshake()
	var todo []kitStep
	for _, step := range kitSteps {
		if h.Offers(step.op) && !slices.ContainsFunc(step.takes, func(op string) bool { return !h.Offers(op) }) {
			todo = append(todo, step)
		}
	}
	first, last := min(kitLimit, limit), max(kitPatience, limit)
	patience := first
	for len(todo) > 0 && ctx.Err() == nil {
		todo = slices.DeleteFunc(todo, func(s kitStep) bool {
			lame := slices.ContainsFunc(s.takes, func(op string) bool {
				return cases.FaultOf(check.Faults, op) != nil || slices.Contains(check.Skipped, op)
			})
			if lame && cases.FaultOf(check.Faults, s.op) == nil {
				check.Skipped = append(check.Skipped, s.op)
			}
			return lame
		})
		n, hung, err := check.run(ctx, adapter, todo, patience)
		if err != nil {
			return check, err
		}
		todo = todo[n:]
		switch {
		case hung && patience < last:
			patience = last
			continue
		case hung:
			check.note(todo[0].op, fmt.Sprintf("it did not end within %v", patience))
			check.Faults[len(check.Faults)-1].Hangs = true
			todo = todo[1:]
		}
		patience = first
	}
	return check, nil
}

func (check *KitCheck) note(op, fault string) {
	check.Checked = append(check.Checked, op)
	if fault != "" {
		check.Faults = append(check.Faults, cases.KitFault{Operation: op, Fault: fault})
	}
}

// run tries steps until one hangs; done counts those that ended. A step that takes an operation
// found at fault meanwhile ends the run too: what is left is sorted out first.
func (check *KitCheck) run(ctx context.Context, adapter spec.Adapter, steps []kitStep, limit time.Duration) (done int, hung bool, err error) {
	sys, err := adapter.Open(ctx, spec.SystemConfig{Seed: 1, Watchdog: limit})
	if err != nil {
		return 0, false, fmt.Errorf("checking the kit: opening a system: %w", err)
	}
	stop := context.AfterFunc(ctx, sys.Abort)
	defer stop()
	runErr := sys.Run(func(f spec.Frame) {
		var least time.Duration
		if h := adapter.Handshake(); h.Clock == spec.Real {
			const blur = 5 * time.Millisecond
			least = time.Duration(moment*float64(time.Second)) - max(blur, time.Duration(h.GranularityMS)*time.Millisecond)
		}
		for capability, call := range map[spec.Capability]spec.Call{
			spec.Posix: spec.NewCall("pid-state", nil, 1), spec.Image: spec.NewCall("make-board", nil),
		} {
			check.Childless = check.Childless || adapter.Handshake().Has(capability) && f.Do(call).Status == spec.Absent
		}
		for i, step := range steps {
			// What a step has left running notes what it does for that step alone.
			t := &kitTry{sys: sys, frame: f, least: least}
			fault := t.try(step)
			if t.lost {
				hung = true
				return
			}
			check.note(step.op, fault)
			if done = i + 1; fault != "" {
				return
			}
		}
	})
	if _, err := sys.Close(); runErr == nil {
		runErr = err
	}
	var stuck *spec.Stuck
	switch {
	case errors.As(runErr, &stuck), ctx.Err() != nil:
		return done, hung, ctx.Err()
	case runErr != nil && hung: // the adapter broke
		check.note(steps[done].op, runErr.Error())
		return done + 1, false, nil
	case runErr != nil:
		return done, false, fmt.Errorf("checking the kit: %w", runErr)
	}
	return done, hung, nil
}

// kitTry is a system in which a step is tried.
type kitTry struct {
	sys   spec.System
	frame spec.Frame
	least time.Duration // that something has to last which is asked to last a moment
	lost  bool          // an operation did not return: the system was given up, or its process is gone

	mu    sync.Mutex
	inner []string     // what went wrong in code that an operation runs
	trail []spec.Value // what code has done
}

// kitFailed is what a panic carries that ends a step.
type kitFailed struct{ fault string }

// try runs a step and says what is wrong, "" for nothing.
func (t *kitTry) try(step kitStep) (fault string) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case kitFailed:
			fault = r.fault
		default:
			panic(r)
		}
	}()
	step.try(t)
	return ""
}

func (t *kitTry) fails(format string, args ...any) { panic(kitFailed{fmt.Sprintf(format, args...)}) }

// call issues an operation of the test's process that has to return.
func (t *kitTry) call(op string, args ...any) spec.Value { return t.returns(op, args...).Primary() }

func (t *kitTry) returns(op string, args ...any) spec.Return {
	call := spec.NewCall(op, args)
	r := t.frame.Do(call)
	switch r.Status {
	case spec.Returned:
	case spec.Aborted, spec.Gone:
		t.lost = true
		t.fails("%s ended the code that called it", call)
	default:
		t.fails("%s: %s", call, r)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.inner) > 0 {
		t.fails("%s", t.inner[0])
	}
	return r
}

// signals tells whether an operation is an error.
func (t *kitTry) signals(op string, args ...any) bool {
	return t.frame.Do(spec.NewCall(op, args)).Status == spec.Signalled
}

// within issues an operation of nested code, or of another process, that has to return.
func (t *kitTry) within(f spec.Frame, op string, args ...any) spec.Value {
	call := spec.NewCall(op, args)
	r := f.Do(call)
	switch r.Status {
	case spec.Returned:
	case spec.Aborted, spec.Gone: // that the process is over says nothing of the kit
		panic(kitFailed{})
	default:
		t.fails("%s: %s", call, r)
	}
	return r.Primary()
}

// wants fails the step where a value isn't the one that is wanted.
func (t *kitTry) wants(what string, got spec.Value, want any) {
	if !spec.Equal(got, spec.Of(want)) {
		t.fails("%s is %s, not %s", what, got, spec.Of(want))
	}
}

// lasts issues an operation that has to last a moment on a real clock.
func (t *kitTry) lasts(op string, args ...any) {
	began := time.Now()
	t.call(op, args...)
	if lasted := time.Since(began); lasted < t.least {
		t.fails("%s lasted %v", spec.NewCall(op, args), lasted)
	}
}

// made is the object that an operation has made.
func (t *kitTry) made(op string, args ...any) spec.Ref {
	v := t.call(op, args...)
	ref, ok := v.(spec.Ref)
	if !ok {
		t.fails("%s returned %s, no object", spec.NewCall(op, args), v)
	}
	return ref
}

// code registers code that runs in a frame of its own and returns a value. What an operation of
// its does wrong ends it, and is told by [kitTry.call] of the operation that runs it.
func (t *kitTry) code(run func(f spec.Frame, args []spec.Value) any) spec.Callback {
	return t.sys.Register(func(f spec.Frame, args []spec.Value) (values []spec.Value) {
		defer func() {
			switch r := recover().(type) {
			case nil:
			case kitFailed:
				if r.fault == "" {
					return
				}
				t.mu.Lock()
				t.inner = append(t.inner, r.fault)
				t.mu.Unlock()
			default:
				panic(r)
			}
		}()
		return []spec.Value{spec.Of(run(f, args))}
	})
}

// elsewhere has another process run code, and tells whether it has run to its end within some
// moments: whether processes run at all is no matter of the kit.
func (t *kitTry) elsewhere(moments int, run func(f spec.Frame)) (ended bool) {
	done := make(chan struct{})
	self := spec.ProcessOf(t.frame)
	fn := t.call("make-function", t.code(func(f spec.Frame, _ []spec.Value) any {
		if p := spec.ProcessOf(f); p == nil || self == nil || !spec.Eql(p, self) {
			run(f)
			close(done)
		}
		return nil
	}))
	if r := t.frame.Do(spec.NewCall("process-run-function", nil, "mpcheck-kit", nil, fn)); r.Status != spec.Returned {
		return false
	}
	for range moments {
		t.call("pause", moment/4)
		select {
		case <-done:
			return true
		default:
		}
	}
	return false
}

// notes appends to what code has done; noted is that.
func (t *kitTry) notes(what any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.trail = append(t.trail, spec.Of(what))
}

func (t *kitTry) noted() spec.Value {
	t.mu.Lock()
	defer t.mu.Unlock()
	return spec.NewList(t.trail...)
}
