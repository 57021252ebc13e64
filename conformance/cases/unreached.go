package cases

import "github.com/mpcheck/mpcheck/spec"

// Unreached lists the acts of the specification that no case makes the simulator perform under
// any schedule, each with the reason. An act stands here only while that is true.
var Unreached = map[string]string{
	"lost":                "a kill that overtakes an answer: the simulator hands every answer over at once, only the oracle has such states",
	"time-up board-await": "what cases await on boards comes, where the system is right",

	"time-up save-image":    openEnd,
	"time-up deliver":       openEnd,
	"time-up build-library": openEnd,
}

const openEnd = "it is left open whether it ends the other processes, so that no case gives them terminate methods"

// What several branches have as their reason.
const (
	// OnlyOpen holds of branches that golden traces take.
	OnlyOpen  = "only a state in which the oracle judges others goes this way; a golden trace of traces/testdata shows it"
	allOpen   = "the documents leave open what becomes of such a call, so that no case makes it; golden traces do"
	sameAct   = "one act with another clause, whose mutants break both"
	permitted = "it permits: both ways are right"
)

// UnreachedBranches lists the branches of the specification that no case makes the simulator take under any schedule, each
// by the function or operation that it is in and the clauses that it cites, with the reason. One stands here
// only while that is true.
var UnreachedBranches = map[string]string{
	"carryOut: PROC-EXIT-7, PROC-TERM-5":              OnlyOpen,
	"goOnHandling: EVENT-WPE-2":                       OnlyOpen,
	"leavesByQuit: INIT-STOP-1":                       OnlyOpen,
	"initialize: INIT-STOP-1":                         OnlyOpen,
	"call-on-foreign-thread: PROC-EXIT-4, PROC-CUR-4": OnlyOpen,
	"signalError: PROC-EXIT-4, PROC-CUR-4":            OnlyOpen,
	"signalError: PROC-EXIT-4, INIT-REPL-1":           allOpen,
	"terminate: PROC-TERM-4, PROC-KILL-8":             OnlyOpen,
	"callLocalHere: PROC-TERM-4, PROC-KILL-8":         OnlyOpen,
	"killTerminated: INIT-STOP-1":                     OnlyOpen,
	"interrupt: PROC-KILL-8":                          OnlyOpen,
	"cleansFirst: CLEAN-UNW-1":                        OnlyOpen,
	"runCleanup: CLEAN-FORM-6":                        OnlyOpen,
	"runCleanup: CLEAN-ERR-1":                         OnlyOpen,
	"runCleanup: CLEAN-FORM-5":                        OnlyOpen,
	"functionOfCall: PROC-CREATE-9":                   allOpen,
	"citeBegin: PROC-CREATE-9, PROC-EXIT-4":           allOpen,
	"resolveDesignator: SEND-ARG-1":                   allOpen,
	"current-process-kill: PROC-EXIT-6":               OnlyOpen,
	"current-process-kill: PROC-EXIT-7":               OnlyOpen,
	"current-process-kill: PROC-EXIT-8":               "what a process asks for that runs alone in a cleanup form: no case has one do so",
	"createProcess: PROC-PRI-2":                       OnlyOpen,
	"terminate: PROC-TERM-1, PROC-KILL-6":             OnlyOpen,
	"kill: PROC-KILL-4":                               OnlyOpen,
	"citeBegin: PROC-KILL-1":                          OnlyOpen,
	"citeBegin: PROC-CREATE-2":                        OnlyOpen,
	"refuseBlocked: PROC-KILL-7, PROC-EXIT-7":         OnlyOpen,
	"terminate: PROC-TERM-1":                          OnlyOpen,
	"citePriority: SEND-PRI-5, PROC-PRI-5":            OnlyOpen,
	"tellSymbol: CLEAN-STATE-1":                       OnlyOpen,
	"set-symbol-value: CLEAN-STATE-1":                 OnlyOpen,
	"citeAnyName: PROC-CREATE-6":                      OnlyOpen,
	"citeAnyName: PROC-CREATE-5":                      OnlyOpen,
	"interrupt: REAP-WAIT-3":                          OnlyOpen,
	"status: REAP-STAT-1":                             OnlyOpen,
	"endWait: EVENT-MWE-4":                            OnlyOpen,
	"set-process-mailbox: EVENT-PWE-2":                OnlyOpen,
	"set-process-mailbox: EVENT-PAE-1":                OnlyOpen,
	"set-process-mailbox: SEND-DEAD-6":                OnlyOpen,
	"set-process-mailbox: SEND-LIM-4":                 OnlyOpen,
	"process-priority: PROC-PRI-1":                    OnlyOpen,
	"readProcessMailbox: SEND-DEAD-6, MBOX-PM-1":      OnlyOpen,
	"tellSize: MBOX-MAKE-3":                           OnlyOpen,
	"citeLimited: MBOX-LIM-1, MBOX-LIM-3":             OnlyOpen,
	"endRun: EXT-RUN-2, EXT-RUN-1":                    OnlyOpen,
	"pidState: REAP-NONE-2":                           OnlyOpen,
	"processStatus: EXT-STAT-12":                      OnlyOpen,
	"reap: REAP-NONE-2":                               OnlyOpen,
	"citeTaken: REAP-SCOPE-1":                         OnlyOpen,
	"citeTaken: REAP-SIG-4":                           OnlyOpen,
	"reportChild: REAP-SCOPE-1":                       OnlyOpen,
	"characters: EXT-IO-5":                            OnlyOpen,
	"get-output-stream-string: EXT-START-3, EXT-IO-5": OnlyOpen,
	"told: EXT-HOOK-6":                                OnlyOpen,
	"goOnStarting: EXT-HOOK-7":                        OnlyOpen,
	"beginProgram: EXT-IF-1, EXT-IO-5":                OnlyOpen,
	"refuseClosed: EXT-IO-5":                          OnlyOpen,
	"signalError: EXT-HOOK-7":                         OnlyOpen,
	"processStatus: EXT-HOOK-7":                       OnlyOpen,
}

// WhyUnbroken says why no mutant breaks a clause that a branch cites, "" where nothing excuses that.
func WhyUnbroken(c *spec.Clause) string {
	if c.Level == spec.Silent {
		return "the documents leave it open: nothing can violate it"
	}
	return Unbroken[c.ID]
}

// Unbroken lists the clauses that branches cite and that no mutant breaks, though they are judged, with the reason.
var Unbroken = map[string]string{
	"MBOX-FULL-2": "an answer that is out of date can't be told from one of an earlier moment of the call",
	"MBOX-LIM-6":  "a call keeps no wait reason here, on which anything could depend",
	"EXT-STAT-12": permitted,
	"EXT-STAT-7":  "no profile has the page that says it: it is judged strictly alone",
	"MBOX-READ-2": "a read that doesn't wait spoils the scenery of cases about kills and other readers; a bug planted in native has it",
	"PROC-JOIN-4": "there is no tick of a scheduler that a joiner could wait for",
	"PROC-KILL-4": permitted,
	"SEND-EV-1":   sameAct, // EVENT-PWE-1
	"SEND-MB-3":   sameAct, // MBOX-READ-1
}
