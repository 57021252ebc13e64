package refimpl_test

import (
	"context"
	"slices"
	"testing"

	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
)

func TestCoverageHasTheActsAndClausesOfWhatRan(t *testing.T) {
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
	for act, want := range map[model.ActClass]bool{
		{Kind: model.Begin}: true, {Kind: model.Obey}: false,
		{Kind: model.TimeUp, Op: "pause"}: true, {Kind: model.Effect, Op: "mailbox-read"}: false,
	} {
		unreached, clauses := all.Unreached()
		if slices.Contains(all.Acts(), act) != want || slices.Contains(unreached, act) == want {
			t.Errorf("%s happened: %v, want %v", act, !want, want)
		}
		if slices.Contains(clauses, "PROC-CREATE-1") || !slices.Contains(clauses, "REAP-ZOMB-1") {
			t.Errorf("clauses that took no part: %v", clauses)
		}
	}
}
