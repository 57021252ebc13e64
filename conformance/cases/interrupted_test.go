package cases_test

import (
	"testing"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/run"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/internal/trial"
	"github.com/mpcheck/mpcheck/refimpl"
	"github.com/mpcheck/mpcheck/spec"
)

// The signal of a child that was reaped long ago may interrupt a wait for another one: by nil, or by an error
// (REAP-WAIT-3). No case that waits for a child convicts anybody of that.
func TestALateSignalConvictsNobody(t *testing.T) {
	for _, id := range []string{"REAP-DEF-2/waits", "REAP-WAIT-1/until-it-ends", "REAP-SIG-2/os-wait"} {
		for _, answer := range []spec.Return{spec.Values(spec.Nil{}, spec.Nil{}, spec.Nil{}), spec.Signal("simple-error", "interrupted")} {
			started, interrupted := 0, 0
			adapter := trial.Replacing(refimpl.New(refimpl.Options{}), func(_ spec.Frame, call spec.Call) (spec.Return, bool) {
				wait, given := call.Key("wait")
				switch call.Op {
				case "run-shell-command":
					started++
				case "reap-os-subprocess":
					if given && !spec.Truth(wait) {
						break
					}
					fallthrough
				case "os-wait":
					if call.Op == "os-wait" && spec.Truth(call.Arg(0)) || interrupted >= started-1 {
						break
					}
					interrupted++ // all but the latest have been reaped
					return answer, true
				}
				return spec.Return{}, false
			})
			report := trial.Execute(t, run.Config{Adapter: adapter, Cases: []*cases.Case{cases.Lookup(id)}, Sizes: cases.ExploreSizes, Schedules: 1})
			if r := report.Cases[0]; r.Verdict != verdict.Pass || interrupted == 0 {
				t.Errorf("%s, where %d waits are interrupted by %s: %s", id, interrupted, answer, trial.Explain(r))
			}
		}
	}
}
