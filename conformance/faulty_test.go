package conformance_test

import (
	"path"
	"strings"
	"testing"
	"time"

	"github.com/mpcheck/mpcheck/conformance/run"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/internal/trial"
	"github.com/mpcheck/mpcheck/spec"
)

// anonymous hides the process of a frame, as an adapter does whose author knows of Do alone.
func anonymous(f spec.Frame, _ bool) spec.Frame { return struct{ spec.Frame }{f} }

// hereAndElsewhere runs a test on an adapter in this process, and on one behind the wire.
func hereAndElsewhere(t *testing.T, name string, test func(t *testing.T, adapter spec.Adapter)) {
	for where, make := range map[string]func() (spec.Adapter, error){
		"here":      func() (spec.Adapter, error) { return builtIn(name) },
		"elsewhere": func() (spec.Adapter, error) { return served(name) },
	} {
		t.Run(where, func(t *testing.T) {
			adapter, err := make()
			if err != nil {
				t.Fatal(err)
			}
			defer adapter.Close()
			test(t, adapter)
		})
	}
}

func TestFramesMustNameTheirProcess(t *testing.T) {
	hereAndElsewhere(t, "anonymous", func(t *testing.T, adapter spec.Adapter) {
		report := trial.Execute(t, run.Config{Adapter: adapter, Cases: trial.Select(t, "CLEAN-DUP-7", "SEND-Q-2")})
		for _, r := range report.Cases {
			if r.Verdict != verdict.Error || !strings.Contains(r.Message, "spec.ProcessFrame") {
				t.Errorf("want an error that names the interface, got %s", trial.Explain(r))
			}
		}
	})
}

// panics makes frames in which an adapter's code panics: the outermost ones, or all others.
func panics(outermost bool) func(spec.Frame, bool) spec.Frame {
	return func(f spec.Frame, outer bool) spec.Frame {
		if outer != outermost {
			return f
		}
		return panicking{f.(spec.ProcessFrame)}
	}
}

type panicking struct{ spec.ProcessFrame }

func (f panicking) Do(call spec.Call) spec.Return {
	if !spec.LookupOp(call.Op).Is(spec.Kit) || call.Op == "log-append" {
		panic("index out of range, in the adapter")
	}
	return f.ProcessFrame.Do(call)
}

// What a crash makes of the run, a process that is gone or a form that never runs, is nothing that
// the documents could be held against.
func TestPanicOfTheAdapterIsAnError(t *testing.T) {
	for _, name := range []string{"panics", "panics-inside"} {
		t.Run(name, func(t *testing.T) {
			hereAndElsewhere(t, name, func(t *testing.T, adapter spec.Adapter) {
				where := path.Base(t.Name())
				report := trial.Execute(t, run.Config{Adapter: adapter, Cases: trial.Select(t, "CLEAN-DUP-7"), Watchdog: time.Second})
				for _, r := range report.Cases {
					if r.Verdict != verdict.Error || !strings.Contains(r.Message, "index out of range, in the adapter") {
						t.Errorf("want an error with the text of the panic, got %s", trial.Explain(r))
					}
					if r.Failure != nil {
						t.Errorf("an error charges %s: %s", r.Failure.Clause, trial.Explain(r))
					}
				}
				if g := report.Groups; name == "panics" && where == "elsewhere" && (len(g) != 1 || g[0].Operation != "process-run-function" || g[0].Outcome != "breaks the adapter" || g[0].Clause != "") {
					t.Errorf("want one group, of the operation in which the adapter panics: %+v", g)
				}
			})
		})
	}
}
