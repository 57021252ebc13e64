package cases_test

import (
	"testing"
	"time"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
)

func TestScratch(t *testing.T) {
	h := refimpl.New(refimpl.Options{}).Handshake()
	for _, way := range []refimpl.Way{refimpl.EverySchedule, refimpl.EveryState, refimpl.EveryOrder} {
		began := time.Now()
		runs, states, classes, faults := 0, 0, 0, 0
		for _, k := range cases.All() {
			x := &spec.Exploration{Most: 20000, Code: func(sys spec.System) func(spec.Frame) {
				return k.Code(cases.Stage{System: sys, Handshake: h, Choices: spec.Seeded(1), Watchdog: spec.DefaultWatchdog, Sizes: cases.ExploreSizes})
			}}
			if err := (refimpl.Explorer{Way: way}).Explore(t.Context(), x); err != nil {
				t.Log(k.ID, err)
				faults++
			}
			runs, states, classes = runs+x.Runs, states+x.States, classes+len(x.Classes)
			if !x.Complete {
				t.Log(k.ID, "not complete", x.Runs)
			}
		}
		t.Log(way, runs, states, classes, faults, time.Since(began))
	}
}
