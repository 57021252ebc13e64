// Package judged has go test judge an implementation in a process of its own, where children of the operating system are its own, and
// counts what was judged.
package judged

import (
	"context"
	"os"
	"sync"
	"testing"

	"github.com/mpcheck/mpcheck/adapters/kit"
	"github.com/mpcheck/mpcheck/adapters/remote"
	"github.com/mpcheck/mpcheck/conformance"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/traces"
)

// Main is all of a TestMain: the test binary is the adapter too.
func Main(m *testing.M, i kit.Implementation) {
	remote.Main(map[string]func([]string) int{"serve": func([]string) int {
		kit.Main(i) // ends the program
		return 0
	}})
	os.Exit(m.Run())
}

// Run runs the cases that match, with a list of known deviations, "" for none, and demands that floor of them were judged: passed, or were seen to do what
// the documents leave open or the list has.
func Run(t *testing.T, known string, floor int, patterns ...string) {
	newAdapter := func() (spec.Adapter, error) {
		self, err := remote.Self()
		if err != nil {
			return nil, err
		}
		return remote.NewPool(context.Background(), remote.Options{Command: []string{self, "serve"}})
	}
	var mu sync.Mutex
	judged := 0
	t.Cleanup(func() { // once all cases have ended
		t.Logf("%d cases judged", judged)
		if judged < floor {
			t.Errorf("only %d cases were judged, want %d at least", judged, floor)
		}
	})
	options := []conformance.Option{conformance.WithSelect(patterns...), conformance.WithJobs(2)}
	if known != "" {
		options = append(options, conformance.WithKnown(known))
	}
	conformance.Run(t, newAdapter, append(options,
		conformance.WithJournal(func() conformance.Journal { return &traces.Journal{} }),
		conformance.WithResults(func(r conformance.Result) {
			mu.Lock()
			defer mu.Unlock()
			switch r.Verdict {
			case verdict.Pass, verdict.Observed, verdict.Known:
				judged++
			}
		}))...)
}
