package main

import (
	"github.com/mpcheck/mpcheck/adapters/native"
	"github.com/mpcheck/mpcheck/spec"
)

// own are the behaviours of SILENT clauses that have a case which native shows by itself.
var own = []string{
	"PROC-CREATE-5 error",
	"PROC-CREATE-6 both-exist",
	"PROC-CREATE-9 unknown-keyword-error-in-caller", "PROC-CREATE-9 odd-list-error-in-caller", "PROC-CREATE-9 uncallable-error-in-caller",
	"PROC-PRI-4 dynamic-value",
	"PROC-PRI-6 priority-ignored",
	"PROC-PRI-7 returned-with-effect",
	"PROC-JOIN-3 self-error", "PROC-JOIN-3 negative-timeout-error",
	"PROC-LIST-3 oldest-first",
	"PROC-PS-2 descending", "PROC-PS-2 equals-in-creation-order",
	"PROC-PS-3 one-process-a-line",
	"PROC-NAME-7 nil",
	"PROC-NAME-8 same-name",
	"PROC-EXIT-4 dies-quietly",
	"PROC-KILL-6 returns-quietly",
	"PROC-KILL-7 self-ends-in-the-call", "PROC-KILL-7 returns-true", "PROC-KILL-7 target-alive-on-return",
	"PROC-JOIN-5 returns-after-cleanups",
	"PROC-ALIVE-2 asked-to-die-true", "PROC-ALIVE-2 in-cleanups-true",
	"PROC-LIST-4 in-cleanups-listed",
	"EVENT-GHE-7 returns-handlers-value", "EVENT-GHE-7 error-reaches-caller",
	"EVENT-WPE-2 handled",
	"BIND-13 first-duplicate-wins", "BIND-13 form-sees-callers-value", "BIND-13 bad-car-error",
	"BIND-14 global-value",
	"CLEAN-STATE-1 bindings-in-force",
	"CLEAN-FORM-4 called-with-process",
	"CLEAN-FORM-5 error-at-registration",
	"CLEAN-FORM-6 resolved-at-run-time",
	"CLEAN-PROC-5 error",
	"CLEAN-PROC-6 error",
	"CLEAN-PRI-2 out-of-range-error", "CLEAN-PRI-2 non-integer-error",
	"CLEAN-ORDER-2 registration-order",
	"CLEAN-DUP-9 true",
	"CLEAN-DUP-10 after-equals",
	"CLEAN-ERR-1 remaining-forms-run",
	"CLEAN-INP-3 unwinding-nil",
	"CLEAN-UNW-1 unwinding-first",
	"CLEAN-STATE-1 alive", "CLEAN-STATE-1 listed", "CLEAN-STATE-1 mail-readable",
	"CLEAN-LEG-3 mixture-keywords-honoured", "CLEAN-LEG-3 nil-process-error",
	"DEP-7 order-added",
	"DEP-9 informs-now-and-at-end",
	"SEND-MB-5 no-mailbox-before-use",
	"SEND-PRI-4 t-raised", "SEND-PRI-4 default-unchanged",
	"SEND-PRI-5 failed-send-unchanged", "SEND-PRI-5 bad-value-error",
	"SEND-DEAD-3 returns-false",
	"SEND-DEAD-5 in-cleanups-as-alive", "SEND-DEAD-5 asked-to-die-as-alive",
	"SEND-DEAD-6 no-mailbox-made",
	"SEND-DEAD-7 false-at-once", "SEND-DEAD-7 error",
	"SEND-LIM-3 error",
	"SEND-LIM-6 false", "SEND-LIM-6 error",
	"SEND-TMO-4 negative-error", "SEND-TMO-4 non-real-error",
	"SEND-ARG-1 error",
	"MBOX-MAKE-2 no-accessor",
	"MBOX-MAKE-3 default-positive", "MBOX-MAKE-3 size-zero-error", "MBOX-MAKE-3 negative-size-error", "MBOX-MAKE-3 size-exact",
	"MBOX-SEND-3 the-object",
	"MBOX-LIM-7 true-at-entry-added",
	"MBOX-READ-6 read-still-queued", "MBOX-READ-6 send-never-queued",
	"MBOX-SIZE-2 total-capacity", "MBOX-SIZE-2 never-shrinks",
	"MBOX-RDR-1 absent",
	"MBOX-ARG-1 error",
	"EVENT-PWE-3 refused",
	"EVENT-MWE-4 object-ends-wait",
	"EVENT-NIL-1 nil",
	"REAP-SIG-3 three-values",
	"REAP-WAIT-2 others-run",
	"REAP-WAIT-3 wait-goes-on",
	"REAP-STAT-3 signal-number",
	"REAP-CONC-1 each-reported-once", "REAP-CONC-1 late-caller-gets-nil-nil",
	"REAP-ARG-1 bad-pid-error", "REAP-ARG-1 odd-wait-as-true",
	"REAP-RSC-3 shell-pid",
	"EXT-RUN-3 others-run",
	"EXT-RUN-4 signaled-and-number",
	"EXT-RUN-7 run-error", "EXT-RUN-7 start-error",
	"EXT-RUN-8 error",
	"EXT-RUN-9 error",
	"EXT-IO-5 stream-supported", "EXT-IO-5 data-while-running", "EXT-IO-5 stream-left-open", "EXT-IO-5 utf-8",
	"EXT-IO-8 input-error", "EXT-IO-8 output-error",
	"EXT-IO-9 input-nil", "EXT-IO-9 output-nil", "EXT-IO-9 error-nil",
	"EXT-IF-1 error-as-open", "EXT-IF-1 append-as-open", "EXT-IF-1 supersede-as-open", "EXT-IF-1 create-as-open",
	"EXT-IF-1 nil-is-error", "EXT-IF-1 default-error",
	"EXT-ENV-5 name-error", "EXT-ENV-5 value-error", "EXT-ENV-5 repeated-first-wins",
	"EXT-START-5 ended-collected-unasked",
	"EXT-STRM-4 nil",
	"EXT-STRM-6 nil",
	"EXT-HOOK-4 in-another-process", "EXT-HOOK-4 called-unasked",
	"EXT-HOOK-5 one-call-per-change",
	"EXT-HOOK-6 no-further-calls",
	"EXT-HOOK-7 called-after-start-returns", "EXT-HOOK-7 hook-error-kept-away", "EXT-HOOK-7 nil-is-no-hook",
	"EXT-PID-3 same-number",
	"EXT-SIG-3 table-number",
	"EXT-SIG-5 error",
	"EXT-SIG-7 zero-accepted", "EXT-SIG-7 returns-true",
	"EXT-STAT-6 stop-signal",
	"EXT-STAT-11 collected",
}

// ownByC are those beside that native shows where it is built with cgo.
var ownByC = []string{"CLEAN-FOR-4 runs-once", "CLEAN-FOR-5 new-process", "CLEAN-FOR-5 ended-between"}

// hasForeign tells whether native has foreign threads here.
var hasForeign = native.New().Handshake().Has(spec.Foreign)

func init() {
	if hasForeign {
		own = append(own, ownByC...)
	}
}

// unshown are the behaviours of such clauses that neither native nor a liberty shows, and why.
var unshown = map[string]string{
	"PROC-PRI-6 higher-priority-first":    "goroutines have no priorities",
	"PROC-LIST-3 fresh-list":              "a list crosses the wire as its elements",
	"PROC-LIST-3 shared-list":             "a list crosses the wire as its elements",
	"CLEAN-FORM-6 mutation-seen":          "no operation changes a list that was registered",
	"CLEAN-FORM-6 mutation-not-seen":      "no operation changes a list that was registered",
	"DEP-9 own-removal-facility":          "no operation takes a dependent away",
	"EXT-START-5 unreferenced-collected":  "no operation loses an object",
	"EXT-START-5 unreferenced-left":       "no operation loses an object",
	"EXT-HOOK-4 called-in-wait":           "no operation waits for a program that start has started, but run",
	"EXT-HOOK-4 called-in-signal-handler": "no program of Go runs in a signal handler",
	"SEND-LIM-6 true":                     "true says that the object was put (SEND-RET-1), and there is no room within the limit (SEND-LIM-2)",
}

// unseen are the behaviours that no case can tell from another, or only now and then, and why: a
// liberty that claims one is not asked to be seen with it.
var unseen = map[string]string{
	"PROC-EXIT-4 reported-and-dies":           "what is written to standard error no case reads",
	"PROC-KILL-7 self-ends-shortly-after":     "a race",
	"PROC-KILL-7 target-alive-on-return":      "a race",
	"PROC-KILL-7 target-ended-on-return":      "a race",
	"PROC-KILL-8 function-never-runs":         "a race",
	"PROC-KILL-8 outside-cleanups-run":        "a race",
	"PROC-KILL-8 outside-cleanups-not-run":    "a race",
	"PROC-KILL-8 runs-to-interruptible-point": "seen only by an operation of the function that returns",
	"SEND-DEAD-5 not-begun-as-alive":          "a race",
	"SEND-DEAD-5 not-begun-as-dead":           "a race",
	"PROC-LIST-4 not-begun-listed":            "no case asks about a process that has not begun",
	"PROC-LIST-4 not-begun-not-listed":        "no case asks about a process that has not begun",
	"CLEAN-FORM-5 error-at-run-time":          "told from ignored only where later forms are skipped",
	"CLEAN-INP-3 kill-pending-nil":            "no case asks while a kill is on its way",
	"CLEAN-INP-3 kill-pending-true":           "no case asks while a kill is on its way",
	"SEND-DEAD-7 false-after-timeout":         "the time-out of the case is 0",
	"EXT-HOOK-5 changes-merged":               "no case changes a program again before its hook may have been called",
	"REAP-STAT-3 raw-wait-word":               "without a core dump it is the number of the signal",
}
