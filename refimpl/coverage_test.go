package refimpl_test

import (
	"context"
	"slices"
	"testing"

	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
)

func TestCoverageHasTheClausesOfWhatRan(t *testing.T) {
	var covered, all refimpl.Coverage
	sys, err := refimpl.New(refimpl.Options{Coverage: &covered}).Open(context.Background(), spec.SystemConfig{})
	if err != nil {
		t.Fatal(err)
	}
	function := sys.Register(func(spec.Frame, []spec.Value) []spec.Value { return nil })
	err = sys.Run(func(f spec.Frame) {
		api := spec.API{Frame: f}
		api.ProcessRunFunction("child", nil, api.MakeFunction(function).Primary())
		api.Pause(1)
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sys.Close(); err != nil {
		t.Fatal(err)
	}
	all.Add(&covered)
	if got := all.Clauses(); !slices.Contains(got, "PROC-CREATE-1") || slices.Contains(got, "REAP-ZOMB-1") {
		t.Errorf("a run with a process and no child covers %v", got)
	}
}
