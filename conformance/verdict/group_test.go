package verdict

import (
	"testing"

	"github.com/mpcheck/mpcheck/conformance/cases"
)

// What fails names a sentence, and is told before what crashes or is open, wherever it stands among the cases.
func TestFailuresAreToldFirst(t *testing.T) {
	crash := &cases.Cause{Operation: "ensure-process-cleanup", Outcome: "breaks the adapter"}
	refused := &cases.Cause{Operation: "ensure-process-cleanup", Outcome: "signals type-error"}
	r := Report{Cases: []Result{
		{ID: "PROC-EXIT-2/a", Verdict: Error, Cause: crash},
		{ID: "CLEAN-SIG-1/b", Verdict: Inconclusive, Cause: refused},
		{ID: "CLEAN-RUN-1/c", Verdict: Error},
		{ID: "CLEAN-FORM-1/d", Verdict: Error, Cause: crash},
		{ID: "CLEAN-FORM-2/e", Verdict: Fail, Cause: refused, Failure: &cases.Failure{Clause: "CLEAN-FORM-2"}},
		{ID: "CLEAN-FORM-2/f", Verdict: Pass},
		{ID: "MBOX-SEND-1/g", Verdict: Fail, Failure: &cases.Failure{Clause: "MBOX-SEND-1"}},
	}}
	r.RollUp(false)
	var told string
	for _, one := range r.Told() {
		told += one.ID + " "
	}
	if want := "CLEAN-FORM-2/e MBOX-SEND-1/g PROC-EXIT-2/a CLEAN-RUN-1/c "; told != want {
		t.Errorf("told are %s, want %s", told, want)
	}
	if len(r.Groups) != 2 || r.Groups[0].Clause != "CLEAN-FORM-2" {
		t.Errorf("the groups are %+v", r.Groups)
	}
}
