package model

import "github.com/mpcheck/mpcheck/spec"

// The mutants of reaping. Those that break what is answered are here; those that break who
// is considered, when a call returns and what becomes of a child stand beside the rules.
const (
	NoHangForgetsPID         Mutant = "no-hang-forgets-pid"
	NoHangNamesChild         Mutant = "no-hang-names-child"
	WaitNilHangs             Mutant = "wait-nil-hangs"
	NoHangDependsOnHistory   Mutant = "no-hang-depends-on-history"
	ZeroMeansAll             Mutant = "zero-means-all"
	AllMeansOwnGroup         Mutant = "all-means-own-group"
	AnyChildForPositivePID   Mutant = "any-child-for-positive-pid"
	GroupsMeanAll            Mutant = "groups-mean-all"
	GroupsMeanNone           Mutant = "groups-mean-none"
	GrandchildrenCount       Mutant = "grandchildren-count"
	PIDDefaultsToZero        Mutant = "pid-defaults-to-zero"
	WaitDefaultsToNil        Mutant = "wait-defaults-to-nil"
	WaitIgnored              Mutant = "wait-ignored"
	SecondKeywordIgnored     Mutant = "second-keyword-ignored"
	AnyEndWakes              Mutant = "any-end-wakes"
	NoneWaits                Mutant = "none-waits"
	NoneIsAnError            Mutant = "none-is-an-error"
	NoneNamesThePID          Mutant = "none-names-the-pid"
	StrangerIsAnError        Mutant = "stranger-is-an-error"
	ValuesSwapped            Mutant = "values-swapped"
	PairsCrossed             Mutant = "pairs-crossed"
	ArgumentForPID           Mutant = "argument-for-pid"
	ReportedTwice            Mutant = "reported-twice"
	ReapsAll                 Mutant = "reaps-all"
	ZombieStays              Mutant = "zombie-stays"
	CollectedBehindTheScenes Mutant = "collected-behind-the-scenes"
	NilForZero               Mutant = "nil-for-zero"
	ZeroForOne               Mutant = "zero-for-one"
	StatusFormsMixed         Mutant = "status-forms-mixed"
	StatusIsTheWord          Mutant = "status-is-the-word"
	ExitCodeNotCut           Mutant = "exit-code-not-cut"
	SignalledIsNil           Mutant = "signalled-is-nil"
	SignalNotTold            Mutant = "signal-not-told"
	StoppedReported          Mutant = "stopped-reported"
	OsWaitNotInverted        Mutant = "os-wait-not-inverted"
	ShellReturnsPIDFirst     Mutant = "shell-returns-pid-first"
	ShellStatusLost          Mutant = "shell-status-lost"
	ShellWaitLeavesZombie    Mutant = "shell-wait-leaves-zombie"
	StreamWithWaitAccepted   Mutant = "stream-with-wait-accepted"
)

// misanswer breaks the answer that nothing is to report.
func (s *State) misanswer(f ID, pid int64, running ID, second spec.Value) (spec.Value, *spec.Condition) {
	echild := &spec.Condition{Type: "os-error", Message: "waitpid: no child processes"}
	switch {
	case s.get(f, frameArg4)&osWait != 0:
	case running != 0:
		switch {
		case s.mutant == NoHangForgetsPID, s.mutant == NoHangDependsOnHistory && s.reportedBefore():
			return spec.Nil{}, nil
		case s.mutant == NoHangNamesChild:
			return spec.Int(s.get(running, childPID)), nil
		}
	case s.mutant == NoneIsAnError && s.allReaped(), s.mutant == StrangerIsAnError && pid > 0 && !s.wasChild(pid):
		return nil, echild
	case s.mutant == NoneNamesThePID && s.allReaped():
		return spec.Int(pid), nil
	}
	return second, nil
}

// mistell breaks the report of a child.
func (s *State) mistell(f, c ID, status, pid, signal spec.Value) (first, second, third spec.Value) {
	normal, code := s.get(c, childStatus)>>16 == 0, s.get(c, childStatus)
	switch s.mutant {
	case ValuesSwapped:
		return pid, status, signal
	case PairsCrossed:
		if others, _ := s.considered(-1); len(others) > 0 && normal && s.reapPID(f) == -1 {
			status = spec.Int(s.get(others[0], childStatus) & 0xff)
		}
	case ArgumentForPID:
		pid = spec.Int(s.reapPID(f))
	case NilForZero:
		if normal && code == 0 {
			status = spec.Nil{}
		}
	case ZeroForOne:
		if normal && code == 1 {
			status = spec.Int(0)
		}
	case StatusFormsMixed:
		if normal && code > 127 {
			status = spec.Int(code << 8)
		}
	case StatusIsTheWord:
		if normal {
			status = spec.Int(code << 8)
		}
	case SignalledIsNil:
		if !normal {
			status = spec.Nil{}
		}
	case SignalNotTold:
		signal = spec.Nil{}
	}
	return status, pid, signal
}

// reportedBefore tells whether a child has been reported.
func (s *State) reportedBefore() bool {
	for c := ID(s.get(world, worldChildFirst)); c != 0; c = ID(s.get(c, childNext)) {
		if s.get(c, childPhase) == childReaped && s.get(c, childParent) == AdapterPID {
			return true
		}
	}
	return false
}

// allReaped tells whether there were children and none is left.
func (s *State) allReaped() bool {
	for c := ID(s.get(world, worldChildFirst)); c != 0; c = ID(s.get(c, childNext)) {
		if s.present(c) {
			return false
		}
	}
	return s.reportedBefore()
}

func (s *State) wasChild(pid int64) bool {
	for c := ID(s.get(world, worldChildFirst)); c != 0; c = ID(s.get(c, childNext)) {
		if int64(s.get(c, childPID)) == pid && s.get(c, childParent) == AdapterPID {
			return true
		}
	}
	return false
}

// wokenByAnother tells whether some child of the adapter waits to be reaped.
func (s *State) wokenByAnother() bool {
	zombies, _ := s.considered(-1)
	return len(zombies) > 0
}

var childMutants = []MutantInfo{
	{NoHangForgetsPID, []string{"REAP-NOHANG-3", "REAP-FN-1"},
		"with wait nil and only running children the second value is nil", nil},
	{NoHangNamesChild, []string{"REAP-NOHANG-3", "REAP-FN-1"},
		"with wait nil and only running children the second value is a child's pid instead of the argument", nil},
	{WaitNilHangs, []string{"REAP-NOHANG-3", "REAP-NOHANG-4", "REAP-FN-1"},
		"wait nil waits as wait t does", nil},
	{NoHangDependsOnHistory, []string{"REAP-NOHANG-3", "REAP-DEP-1", "REAP-FN-1"},
		"once a child has been reported, wait nil with only running children gives nil and nil", nil},
	{ZeroMeansAll, []string{"REAP-SEL-2", "REAP-FN-1"},
		"pid 0 considers all children", nil},
	{AllMeansOwnGroup, []string{"REAP-SEL-1", "REAP-DEF-1", "REAP-NOHANG-3", "REAP-FN-1"},
		"pid -1 considers the children of the Lisp's own process group only", nil},
	{AnyChildForPositivePID, []string{"REAP-SEL-3", "REAP-NONE-2", "REAP-FN-1"},
		"a positive pid considers all children", nil},
	{GroupsMeanAll, []string{"REAP-SEL-4", "REAP-EXIT-1"},
		"a pid below -1 considers all children", nil},
	{GroupsMeanNone, []string{"REAP-SEL-4"},
		"a pid below -1 considers no child", nil},
	{GrandchildrenCount, []string{"REAP-NONE-2"},
		"the pid of a grandchild considers it", nil},
	{PIDDefaultsToZero, []string{"REAP-DEF-1"},
		"pid defaults to 0", nil},
	{WaitDefaultsToNil, []string{"REAP-DEF-2"},
		"wait defaults to nil", nil},
	{WaitIgnored, []string{"REAP-WAIT-1"},
		"wait t does not wait", nil},
	{SecondKeywordIgnored, []string{"REAP-SIG-1"},
		"where wait comes first, pid is ignored", nil},
	{AnyEndWakes, []string{"REAP-SEL-5", "REAP-STAT-1"},
		"the end of a child that is not considered ends the wait for another, which is reported with its status", nil},
	{NoneWaits, []string{"REAP-NONE-1", "REAP-NONE-2", "REAP-FN-1"},
		"wait t waits although there is no considered child", nil},
	{NoneIsAnError, []string{"REAP-NOHANG-1", "REAP-NONE-1", "REAP-FN-1", "REAP-DEP-1"},
		"once all children have been reaped the call signals an error", nil},
	{NoneNamesThePID, []string{"REAP-NOHANG-1", "REAP-NONE-1", "REAP-FN-1", "REAP-DEP-1"},
		"once all children have been reaped the second value is still the pid argument", nil},
	{StrangerIsAnError, []string{"REAP-NONE-2"},
		"a pid that is no child's is an error", nil},
	{ValuesSwapped, []string{"REAP-EXIT-1", "REAP-FN-1"},
		"the pid comes first, then the status", nil},
	{PairsCrossed, []string{"REAP-EXIT-2", "REAP-FN-1"},
		"with several children unreaped one is reported with another's status", nil},
	{ArgumentForPID, []string{"REAP-EXIT-1", "REAP-FN-1"},
		"a child is reported with the pid argument instead of its own pid", nil},
	{ReportedTwice, []string{"REAP-EXIT-3", "REAP-FN-1"},
		"a child is reported twice", nil},
	{ReapsAll, []string{"REAP-EXIT-2", "REAP-ZOMB-4", "REAP-FN-1"},
		"one call collects all ended children and reports one of them", nil},
	{ZombieStays, []string{"REAP-ZOMB-2"},
		"a reported child stays a zombie", nil},
	{CollectedBehindTheScenes, []string{"REAP-ZOMB-1"},
		"children are collected when they end, and their status is handed out later", nil},
	{NilForZero, []string{"REAP-STAT-1"},
		"exit code 0 is told as nil", nil},
	{ZeroForOne, []string{"REAP-STAT-1"},
		"exit code 1 is told as 0", nil},
	{StatusFormsMixed, []string{"REAP-STAT-1", "REAP-STAT-5"},
		"exit codes above 127 are told as wait words, others as they are", nil},
	{StatusIsTheWord, []string{"REAP-STAT-5"},
		"the status is the wait word", nil},
	{ExitCodeNotCut, []string{"REAP-STAT-2"},
		"more than eight bits of an exit code are told", nil},
	{SignalledIsNil, []string{"REAP-EXIT-1"},
		"a child that a signal ended is reported with nil as its status", nil},
	{SignalNotTold, []string{"REAP-STAT-4"},
		"the third value is nil for a child that a signal ended", nil},
	{StoppedReported, []string{"REAP-STOP-1"},
		"a stopped child is reported", nil},
	{OsWaitNotInverted, []string{"REAP-SIG-2"},
		"os-wait takes nowait for wait", nil},
	{ShellReturnsPIDFirst, []string{"REAP-RSC-1"},
		"run-shell-command with wait nil returns the pid alone", nil},
	{ShellStatusLost, []string{"REAP-ZOMB-5", "REAP-RSC-1"},
		"run-shell-command with wait t returns 0 whatever the exit status", nil},
	{ShellWaitLeavesZombie, []string{"REAP-ZOMB-5"},
		"a child that run-shell-command waited for is left to be reaped", nil},
	{StreamWithWaitAccepted, []string{"REAP-RSC-2"},
		"run-shell-command takes :stream with wait t", nil},
}
