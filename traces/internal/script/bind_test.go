package script_test

import (
	"context"
	"testing"

	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
	"github.com/mpcheck/mpcheck/spec/model"
	"github.com/mpcheck/mpcheck/traces"
)

type labels []spec.Label

func (l *labels) Record(one spec.Label) { *l = append(*l, one) }

// The process id of a child for which the harness did not wait long enough is the one that its
// start returned.
func TestChildThatWasSlowToConnect(t *testing.T) {
	var seen labels
	sys, err := refimpl.New(refimpl.Options{}).Open(context.Background(), spec.SystemConfig{Recorder: &seen})
	if err != nil {
		t.Fatal(err)
	}
	defer sys.Close()
	if err := sys.Run(func(f spec.Frame) {
		api := spec.API{Frame: f}
		for range 2 {
			prepared := api.ChildPrepare()
			api.RunShellCommand(prepared.Nth(1), key.Wait(false))
			api.ChildAwait(prepared.Primary(), spec.Keyword("ready"))
			api.ChildTell(prepared.Primary(), spec.Keyword("exit"), 3)
			api.ChildAwait(prepared.Primary(), spec.Keyword("ended"))
			api.ReapOsSubprocess(key.Wait(false))
		}
	}); err != nil {
		t.Fatal(err)
	}
	changed := 0
	for i := range seen {
		if before := max(i-1, 0); seen[before].Kind == spec.CallLabel && seen[before].Call.Op == "child-await" && seen[before].Call.Arg(1) == spec.Value(spec.Keyword("ready")) {
			seen[i].Return = spec.Signal("timeout", "gave up")
			changed++
		}
	}
	r := traces.Check(seen, traces.CheckOptions{AdapterPID: model.AdapterPID})
	if changed != 2 || r.Verdict != traces.Allowed {
		t.Errorf("%d labels changed, the trace is\n%s", changed, r.Text(seen))
	}
}
