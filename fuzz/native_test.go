package fuzz

import (
	"context"
	"testing"
	"time"

	"github.com/mpcheck/mpcheck/adapters/native"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/traces"
)

// inProcess are the families that native can be driven with inside a test: children of the
// operating system would be reaped from under whoever else has some.
var inProcess = []Family{Mailboxes, Sends, Cleanups, Kills, Lists, Objects, Bindings, Events}

// againstNative runs a program of two families on native, in real time; what the specification
// forbids fails.
func againstNative(t *testing.T, choices spec.Choices) {
	t.Helper()
	one, two := inProcess[choices.Choose(len(inProcess))], inProcess[choices.Choose(len(inProcess))]
	p := InRealTime(Generate(choices, nil, one, two))
	if err := p.Validate(); err != nil {
		t.Fatalf("%v\n%s", err, p)
	}
	a := native.New()
	defer a.Close()
	run, err := Execute(context.Background(), a, p, spec.SystemConfig{Watchdog: 300 * time.Millisecond})
	if err != nil {
		t.Fatalf("%v\n%s", err, p)
	}
	if run.Report.Verdict == traces.Forbidden {
		t.Fatalf("%s\n%s", p, run.Report.Text(run.Labels))
	}
}

func TestNativeAgainstOracle(t *testing.T) {
	for seed := range uint64(40) {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			againstNative(t, spec.Seeded(seed))
		})
	}
}

// A program waits for some hundredths of a second, so that there are few a second: what coverage
// guides to here are ways through native, not depth.
func FuzzNative(f *testing.F) {
	f.Add([]byte{0, 1, 2, 3, 4, 5, 6, 7})
	f.Add([]byte{1, 2, 3, 1, 1, 2, 0, 5, 1, 9, 2, 2, 4, 1, 3, 3, 2, 1})
	f.Fuzz(func(t *testing.T, program []byte) { againstNative(t, &Bytes{List: program}) })
}

// On real time the test waits for nothing without end: no program lasts as long as the watchdog.
func TestProgramsInRealTimeEnd(t *testing.T) {
	for seed := range uint64(60) {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			p := InRealTime(Generate(spec.Seeded(1000+seed), nil, inProcess[seed%7], inProcess[seed/7%7]))
			a := native.New()
			defer a.Close()
			run, err := Execute(context.Background(), a, p, spec.SystemConfig{Watchdog: 10 * time.Second})
			if err != nil || run.Stuck != nil {
				t.Errorf("%v %+v\n%s", err, run, p)
			}
		})
	}
}
