package model

import (
	"slices"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
)

// Who listens to citations changes nothing, and hears of clauses that there are.
func TestCitingChangesNothing(t *testing.T) {
	var cited Citations
	for seed := range uint64(200) {
		cfg := Config{Free: seed%2 == 0, Open: seed%4 < 2}
		quiet, heard := newDriver(seed, cfg), newDriver(seed, cfg)
		heard.s.CiteInto(&cited)
		for n := range 150 {
			quiet.step(t)
			heard.step(t)
			if quiet.s.Hash() != heard.s.Hash() {
				t.Fatalf("seed %d: after %d steps the state is another where clauses are cited", seed, n+1)
			}
		}
	}
	for _, id := range cited.Clauses() {
		if spec.Clauses().Lookup(id) == nil {
			t.Errorf("a branch cites the unknown clause %s", id)
		}
	}
	if len(cited.Clauses()) < 50 {
		t.Errorf("only %d clauses were cited: %v", len(cited.Clauses()), cited.Clauses())
	}
}

// PROC-KILL-5 speaks of a kill that comes while cleanups run: neither of the first one, nor of the
// cleanups of a process that was killed once.
func TestSecondKillCitesOnItsOwn(t *testing.T) {
	u := NewUniverse()
	s := NewState(u, Config{})
	var cited Citations
	s.CiteInto(&cited)
	do := func(f ID, call spec.Call) spec.Value {
		t.Helper()
		o, err := Decode(u, call)
		if err != nil {
			t.Fatal(err)
		}
		s.Call(f, o, nil)
		for _, act := range Enabled(s, nil) {
			if act.Kind == Effect && act.Frame == f {
				Apply(s, act, nil)
				return s.Return(f, nil).Primary()
			}
		}
		t.Fatalf("%s has no effect", call)
		return nil
	}
	reach := func(kind ActKind) Label {
		t.Helper()
		for _, act := range Enabled(s, nil) {
			if act.Kind == kind {
				return Apply(s, act, nil)
			}
		}
		t.Fatalf("no %s", kind)
		return Label{}
	}
	function := do(s.Test(), spec.NewCall("make-function", nil, spec.Callback(1)))
	gate := do(s.Test(), spec.NewCall("make-gate", nil))
	p := do(s.Test(), spec.NewCall("process-run-function", nil, "p", nil, function))
	do(s.Test(), spec.NewCall("ensure-process-cleanup", nil, function, p))
	f := reach(Begin).Frame
	wait, err := Decode(u, spec.NewCall("gate-wait", nil, gate))
	if err != nil {
		t.Fatal(err)
	}
	s.Call(f, wait, nil)
	do(s.Test(), spec.NewCall("process-kill", nil, p))
	reach(Unwind)
	if !slices.Contains(cited.Clauses(), "PROC-KILL-2") {
		t.Error("PROC-KILL-2 is not cited where a kill wakes one that waits")
	}
	s.Return(f, nil)
	s.Leave(f, nil, nil)
	reach(Cleanup)
	if cited.Has("PROC-KILL-5") || cited.Has("CLEAN-RUN-5") {
		t.Errorf("the first kill cites %v", cited.Clauses())
	}
	cited.Clear()
	do(s.Test(), spec.NewCall("process-kill", nil, p))
	if got := cited.Clauses(); !slices.Equal(got, []string{"PROC-KILL-5"}) {
		t.Errorf("the second kill cites %v", got)
	}
}
