package refimpl_test

import (
	"context"
	"errors"
	"iter"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

func open(t testing.TB, cfg spec.SystemConfig) spec.System {
	t.Helper()
	sys, err := refimpl.New(refimpl.Options{}).Open(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return sys
}

func function(sys spec.System, api spec.API, fn spec.Func) spec.Value {
	return api.MakeFunction(sys.Register(fn)).Primary()
}

// handOver has two senders and a reader; it returns what the reader read.
func handOver(t testing.TB, cfg spec.SystemConfig) string {
	sys := open(t, cfg)
	defer sys.Close()
	var read []string
	err := sys.Run(func(f spec.Frame) {
		api := spec.API{Frame: f}
		box := api.MakeMailbox(key.Size(1)).Primary()
		for _, word := range []string{"a", "b"} {
			fn := function(sys, api, func(f spec.Frame, _ []spec.Value) []spec.Value {
				spec.API{Frame: f}.MailboxSend(box, word)
				spec.API{Frame: f}.MailboxSend(box, word+"2")
				return nil
			})
			api.ProcessRunFunction(word, nil, fn)
		}
		for range 4 {
			read = append(read, api.MailboxRead(box).Primary().String())
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(read, " ")
}

func TestSameSeedSameRun(t *testing.T) {
	orders := map[string]bool{}
	for seed := range uint64(200) {
		first, second := handOver(t, spec.SystemConfig{Seed: seed}), handOver(t, spec.SystemConfig{Seed: seed})
		if first != second {
			t.Fatalf("seed %d: %s, then %s", seed, first, second)
		}
		orders[first] = true
	}
	if len(orders) != 6 {
		t.Errorf("200 seeds showed %d orders, want all 6 merges of two sequences of two: %v", len(orders), orders)
	}
}

// The schedule of a seed is part of the contract: a seed that someone reports must show the
// same run on every machine.
func TestSeedsMeanTheSameEverywhere(t *testing.T) {
	var got []string
	for seed := range uint64(12) {
		got = append(got, strings.ReplaceAll(handOver(t, spec.SystemConfig{Seed: seed}), `"`, ""))
	}
	want := []string{
		"a a2 b b2", "a a2 b b2", "a a2 b b2", "a a2 b b2",
		"a a2 b b2", "a a2 b b2", "a a2 b b2", "b a a2 b2",
		"a a2 b b2", "a a2 b b2", "b b2 a a2", "b b2 a a2",
	}
	if !slices.Equal(got, want) {
		t.Errorf("seeds 0 to 11 show\n%q, want\n%q", got, want)
	}
}

func TestDepthFirstSeesEveryOrder(t *testing.T) {
	t.Parallel()
	orders, runs := map[string]bool{}, 0
	d := refimpl.NewDepthFirst()
	for more := true; more; more = d.Next() {
		orders[handOver(t, spec.SystemConfig{Choices: d})] = true
		runs++
	}
	if len(orders) != 6 {
		t.Errorf("%d runs showed %d orders, want 6: %v", runs, len(orders), orders)
	}
	t.Logf("%d runs", runs)
}

func TestRecordedChoicesReplay(t *testing.T) {
	for seed := range uint64(20) {
		recording := &refimpl.Recording{From: spec.Seeded(seed)}
		want := handOver(t, spec.SystemConfig{Choices: recording})
		if got := handOver(t, spec.SystemConfig{Choices: &refimpl.Recorded{List: recording.List}}); got != want {
			t.Errorf("seed %d: replayed %s, recorded %s", seed, got, want)
		}
	}
}

func TestDeadlockNamesWhoWaitsForWhat(t *testing.T) {
	sys := open(t, spec.SystemConfig{})
	defer sys.Close()
	var status spec.Status
	err := sys.Run(func(f spec.Frame) {
		api := spec.API{Frame: f}
		box := api.MakeMailbox().Primary()
		gate := api.MakeGate().Primary()
		fn := function(sys, api, func(f spec.Frame, _ []spec.Value) []spec.Value {
			spec.API{Frame: f}.GateWait(gate)
			return nil
		})
		api.ProcessRunFunction("doorman", nil, fn)
		status = api.MailboxRead(box).Status
	})
	var stuck *spec.Stuck
	if !errors.As(err, &stuck) || !stuck.Proven || len(stuck.Waits) != 2 {
		t.Fatalf("got %v, want a proven deadlock of two", err)
	}
	report := strings.Join(stuck.Waits, "\n")
	for _, want := range []string{"mpcheck test", "in mailbox-read waits for an object", "doorman", "in gate-wait waits for #<gate"} {
		if !strings.Contains(report, want) {
			t.Errorf("the report lacks %q:\n%s", want, report)
		}
	}
	if status != spec.Aborted {
		t.Errorf("the test's own operation answered %s, want aborted", status)
	}
}

func TestPatientClock(t *testing.T) {
	sys := open(t, spec.SystemConfig{})
	defer sys.Close()
	if err := sys.Run(func(f spec.Frame) {
		api := spec.API{Frame: f}
		cell := api.MakeCell(nil).Primary().(spec.Ref)
		fn := function(sys, api, func(f spec.Frame, _ []spec.Value) []spec.Value {
			spec.API{Frame: f}.Pause(5)
			spec.API{Frame: f}.CellSet(cell, true)
			return nil
		})
		api.ProcessRunFunction("sleeper", nil, fn)
		if api.Await(spec.CellIs(cell, true), 4).Primary() != (spec.Nil{}) {
			t.Error("await held before its time")
		}
		if api.Await(spec.CellIs(cell, true), 2).Primary() != (spec.True{}) {
			t.Error("await did not see the cell change in time")
		}
	}); err != nil {
		t.Fatal(err)
	}
}

func TestKilledProcessIsGoneAndCleansUp(t *testing.T) {
	d := refimpl.NewDepthFirst()
	runs := 0
	for more := true; more; more = d.Next() {
		runs++
		sys := open(t, spec.SystemConfig{Choices: d})
		var log spec.Value
		var later bool
		if err := sys.Run(func(f spec.Frame) {
			api := spec.API{Frame: f}
			trail, done, ready := api.MakeLog().Primary(), api.MakeCell(nil).Primary().(spec.Ref), api.MakeCell(nil).Primary().(spec.Ref)
			clean := function(sys, api, func(f spec.Frame, args []spec.Value) []spec.Value {
				in := spec.API{Frame: f}
				in.LogAppend(trail, spec.NewList(append(args[1:], in.CurrentProcessInCleanupP().Primary())...))
				in.CurrentProcessKill()
				in.CellSet(done, true)
				return nil
			})
			fn := function(sys, api, func(f spec.Frame, _ []spec.Value) []spec.Value {
				in := spec.API{Frame: f}
				in.EnsureProcessCleanup(spec.NewList(clean, spec.Int(1)))
				in.CellSet(ready, true)
				if in.MailboxRead(in.MakeMailbox().Primary()).Status != spec.Gone || in.GetCurrentProcess().Status != spec.Gone {
					later = true
				}
				return nil
			})
			p := api.ProcessRunFunction("victim", nil, fn).Primary()
			api.Await(spec.CellIs(ready, true), 20)
			api.ProcessKill(p)
			api.Await(spec.CellIs(done, true), 20)
			log = api.LogRead(trail).Primary()
		}); err != nil {
			t.Fatal(err)
		}
		if got := log.String(); got != "((1 t))" || later {
			t.Fatalf("log %s, an operation of the killed process returned: %v", got, later)
		}
		sys.Close()
	}
	t.Logf("%d runs", runs)
}

func TestPanicAndGoexitInCodeAreReported(t *testing.T) {
	for name, code := range map[string]func(){
		"panicked": func() { panic("a mistake") },
		"Goexit":   runtime.Goexit,
	} {
		sys := open(t, spec.SystemConfig{})
		err := sys.Run(func(f spec.Frame) {
			api := spec.API{Frame: f}
			api.ProcessRunFunction("p", nil, function(sys, api, func(spec.Frame, []spec.Value) []spec.Value { code(); return nil }))
			api.GateWait(api.MakeGate().Primary())
		})
		var broken *spec.Broken
		if !errors.As(err, &broken) || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: got %v", name, err)
		}
		sys.Close()
	}
}

func TestAbortEndsTheRun(t *testing.T) {
	sys := open(t, spec.SystemConfig{})
	sys.Abort()
	var status spec.Status
	if err := sys.Run(func(f spec.Frame) {
		status = spec.API{Frame: f}.MakeGate().Status
	}); err != nil || status != spec.Aborted {
		t.Errorf("error %v, status %s", err, status)
	}
	sys.Close()
}

func TestCloseEndsEveryCoroutine(t *testing.T) {
	sys := open(t, spec.SystemConfig{})
	ended := 0
	if err := sys.Run(func(f spec.Frame) {
		api := spec.API{Frame: f}
		gate := api.MakeGate().Primary()
		started := api.MakeLog().Primary()
		fn := function(sys, api, func(f spec.Frame, _ []spec.Value) []spec.Value {
			spec.API{Frame: f}.LogAppend(started, 1)
			if (spec.API{Frame: f}).GateWait(gate).Status == spec.Gone {
				ended++
			}
			return nil
		})
		for range 10 {
			api.ProcessRunFunction("p", nil, fn)
		}
		api.Pause(1)
	}); err != nil {
		t.Fatal(err)
	}
	left, err := sys.Close()
	if err != nil || left.Processes != 10 || ended != 10 {
		t.Errorf("left %+v, %v; %d of 10 ended", left, err, ended)
	}
}

// One round trip is an operation of a coroutine: to the scheduler, through the
// specification, and back.
func BenchmarkSwitch(b *testing.B) {
	sys, err := refimpl.New(refimpl.Options{StepLimit: math.MaxInt}).Open(b.Context(), spec.SystemConfig{})
	if err != nil {
		b.Fatal(err)
	}
	defer sys.Close()
	if err := sys.Run(func(f spec.Frame) {
		api := spec.API{Frame: f}
		cell := api.MakeCell(nil).Primary()
		call := spec.NewCall("cell-get", nil, cell)
		for b.Loop() {
			f.Do(call)
		}
	}); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "operations/s")
}

// A bare coroutine switch there and back, as the simulator's frames make it.
func BenchmarkSwitchBare(b *testing.B) {
	next, stop := iter.Pull(func(yield func(int) bool) {
		for yield(0) {
		}
	})
	defer stop()
	for b.Loop() {
		next()
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "switches/s")
}
