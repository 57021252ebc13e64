package conformance_test

import (
	"context"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/conformance"
	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
)

// poor is a frame whose operating system refuses to start children.
type poor struct{ spec.Frame }

func (p poor) Process() spec.Value { return spec.ProcessOf(p.Frame) }

func (p poor) Do(call spec.Call) spec.Return {
	if call.Op == "run-shell-command" {
		return spec.Signal(spec.OutOfResources, "starting /bin/sh: resource temporarily unavailable")
	}
	return p.Frame.Do(call)
}

// A case that needs more than the machine gives is not applicable, and says what there was too
// little of.
func TestMachineThatGivesTooLittle(t *testing.T) {
	adapter := faulty{refimpl.New(refimpl.Options{}), func(f spec.Frame, _ bool) spec.Frame { return poor{f} }}
	cases, err := conformance.Select(conformance.Cases(), []string{"REAP-NOHANG-3"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	report, err := conformance.Execute(context.Background(), conformance.Config{Adapter: adapter, Cases: cases, Schedules: 1, TrustKit: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range report.Cases {
		if r.Verdict != conformance.NotApplicable || !strings.Contains(r.Reason, "starting /bin/sh: resource temporarily unavailable") {
			t.Errorf("%s: %v %s%s", r.ID, r.Verdict, r.Reason, r.Message)
		}
	}
}
