package model

// The mutants of the processes.
const (
	RunsInCaller           Mutant = "runs-in-caller"
	NamedFunctionRefused   Mutant = "named-function-refused"
	KeywordsReachFunction  Mutant = "keywords-reach-function"
	CurrentKillReturns     Mutant = "current-kill-returns"
	KillSkipsUnwindForms   Mutant = "kill-skips-unwind-forms"
	KillIgnored            Mutant = "kill-ignored"
	TerminateTimeoutIsTrue Mutant = "terminate-timeout-is-true"
	WaitTimeoutIsTrue      Mutant = "wait-timeout-is-true"
	KillDoesNotWake        Mutant = "kill-does-not-wake"
	SecondKillEndsPhase    Mutant = "second-kill-ends-phase"
	JoinReturnsAtOnce      Mutant = "join-returns-at-once"
	JoinTimeoutIsTrue      Mutant = "join-timeout-is-true"
	JoinDeadIsNil          Mutant = "join-dead-is-nil"
	AliveForEver           Mutant = "alive-for-ever"
	AliveOnlyCaller        Mutant = "alive-only-caller"
	KilledStaysAlive       Mutant = "killed-stays-alive"
	CurrentIsYoungest      Mutant = "current-is-youngest"
	CallerNotListed        Mutant = "caller-not-listed"
	ListedTwice            Mutant = "listed-twice"
	NeverUnlisted          Mutant = "never-unlisted"
	CallerNotCounted       Mutant = "caller-not-counted"
	AnyNameMatches         Mutant = "any-name-matches"
	NameUpcased            Mutant = "name-upcased"
	NamesIgnoreCase        Mutant = "names-ignore-case"
	UnmatchedNameSignals   Mutant = "unmatched-name-signals"
)

var processMutants = []MutantInfo{
	{RunsInCaller, []string{"PROC-CREATE-1", "PROC-CREATE-3"}, "process-run-function without keywords runs the function in the caller and returns when it has", nil},
	{NamedFunctionRefused, []string{"PROC-CREATE-2"}, "a symbol that names a function is refused as function", nil},
	{KeywordsReachFunction, []string{"PROC-CREATE-12"}, "the keyword list is passed to the function, before its arguments", nil},
	{CurrentKillReturns, []string{"PROC-EXIT-2", "PROC-EXIT-5"}, "current-process-kill returns and does nothing", nil},
	{KillSkipsUnwindForms, []string{"PROC-EXIT-5", "PROC-KILL-1", "PROC-TERM-1"}, "a killed process stops dead: the forms of unwind-protect don't run", nil},
	{KillIgnored, []string{"PROC-KILL-1", "PROC-KILL-2", "PROC-TERM-1"}, "process-kill does nothing", nil},
	{KillDoesNotWake, []string{"PROC-KILL-1", "PROC-KILL-2", "PROC-TERM-1"}, "a process that waits is killed only once it goes on", nil},
	{TerminateTimeoutIsTrue, []string{"PROC-TERM-2"}, "process-terminate returns t also when its join-timeout has passed", nil},
	{WaitTimeoutIsTrue, []string{"PROC-WAIT-1"}, "process-wait-with-timeout returns t also when its time has passed", nil},
	{SecondKillEndsPhase, []string{"PROC-KILL-5", "CLEAN-RUN-1"}, "a kill ends the cleanups of a process that is ending", nil},
	{JoinReturnsAtOnce, []string{"PROC-JOIN-1"}, "process-join returns t without waiting", nil},
	{JoinTimeoutIsTrue, []string{"PROC-JOIN-1"}, "process-join returns t also when its time has passed", nil},
	{JoinDeadIsNil, []string{"PROC-JOIN-1", "PROC-JOIN-2"}, "process-join without timeout of a dead process returns nil", nil},
	{AliveForEver, []string{"PROC-ALIVE-1"}, "a dead process stays alive", nil},
	{AliveOnlyCaller, []string{"PROC-ALIVE-1"}, "only the process that asks is alive", nil},
	{KilledStaysAlive, []string{"PROC-ALIVE-1"}, "a process that was killed stays alive", nil},
	{CurrentIsYoungest, []string{"PROC-CUR-1"}, "get-current-process returns the process made last, but in the main one", nil},
	{CallerNotListed, []string{"PROC-LIST-1"}, "list-all-processes leaves out its caller", nil},
	{ListedTwice, []string{"PROC-LIST-1", "PROC-COUNT-1"}, "list-all-processes has each process twice", nil},
	{NeverUnlisted, []string{"PROC-LIST-2", "PROC-EXIT-1", "PROC-COUNT-2"}, "a dead process stays listed and counted", nil},
	{CallerNotCounted, []string{"PROC-COUNT-1"}, "processes-count leaves out one process", nil},
	{AnyNameMatches, []string{"PROC-NAME-1", "PROC-NAME-3", "PROC-NAME-5", "PROC-NAME-6"}, "a search by name finds the process made last, whatever its name", nil},
	{NameUpcased, []string{"PROC-NAME-2"}, "process-name gives the name in upper case", nil},
	{NamesIgnoreCase, []string{"PROC-NAME-1", "PROC-NAME-3"}, "names that differ in case only are one", nil},
	{UnmatchedNameSignals, []string{"PROC-NAME-6"}, "find-process-from-name signals an error where nothing matches", nil},
}
