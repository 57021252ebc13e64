package model

import "github.com/mpcheck/mpcheck/spec"

// The mutants of reaping, and of run-shell-command.
var childMutants = []MutantInfo{
	{"no-hang-forgets-pid", []string{"REAP-NOHANG-3", "REAP-FN-1"},
		"with wait nil and only running children the second value is nil",
		whileChildrenRun(func(*State, reaping) spec.Value { return spec.Nil{} })},
	{"no-hang-names-child", []string{"REAP-NOHANG-3", "REAP-FN-1"},
		"with wait nil and only running children the second value is a child's pid instead of the argument",
		whileChildrenRun(func(s *State, r reaping) spec.Value { return spec.Int(s.get(r.running, childPID)) })},
	{"no-hang-reports-nobody", []string{"REAP-NOHANG-2", "REAP-EXIT-2", "REAP-FN-1"},
		"with wait nil a child that has ended is collected, and reported as if it still ran",
		func(l *law) {
			l.tellsEnd = func(s *State, r reaping, c ID, status, signal spec.Value) childReport {
				if !r.waits && r.running != 0 {
					return childReport{spec.Nil{}, spec.Int(r.pid), spec.Nil{}}
				}
				return tellEnd(s, r, c, status, signal)
			}
		}},
	{"wait-nil-hangs", []string{"REAP-NOHANG-3", "REAP-NOHANG-4", "REAP-FN-1"},
		"wait nil waits as wait t does",
		waitingIf(func(uint64, bool) bool { return true })},
	{"no-hang-depends-on-history", []string{"REAP-NOHANG-3", "REAP-DEP-1", "REAP-FN-1"},
		"once a child has been reported, wait nil with only running children gives nil and nil",
		whileChildrenRun(func(s *State, r reaping) spec.Value {
			if s.reportedBefore() {
				return spec.Nil{}
			}
			return spec.Int(r.pid)
		})},
	{"zero-means-all", []string{"REAP-SEL-2", "REAP-FN-1"},
		"pid 0 considers all children",
		selectingPID(func(pid int64) bool { return pid == 0 }, -1)},
	{"all-means-own-group", []string{"REAP-SEL-1", "REAP-DEF-1", "REAP-NOHANG-3", "REAP-FN-1"},
		"pid -1 considers the children of the Lisp's own process group only",
		selectingPID(func(pid int64) bool { return pid == -1 }, 0)},
	{"any-child-for-positive-pid", []string{"REAP-SEL-3", "REAP-NONE-2", "REAP-FN-1"},
		"a positive pid considers all children",
		selectingPID(func(pid int64) bool { return pid > 0 }, -1)},
	{"groups-mean-all", []string{"REAP-SEL-4", "REAP-EXIT-1"},
		"a pid below -1 considers all children",
		selectingPID(func(pid int64) bool { return pid < -1 }, -1)},
	{"groups-mean-none", []string{"REAP-SEL-4"},
		"a pid below -1 considers no child",
		func(l *law) {
			l.selects = func(s *State, c ID, pid int64) bool { return pid >= -1 && s.selects(c, pid) }
		}},
	{"grandchildren-count", []string{"REAP-NONE-2"},
		"the pid of a grandchild considers it",
		func(l *law) {
			l.selects = func(s *State, c ID, pid int64) bool {
				return s.selects(c, pid) || pid > 0 && int64(s.get(c, childPID)) == pid
			}
		}},
	{"pid-defaults-to-zero", []string{"REAP-DEF-1"},
		"pid defaults to 0",
		askingPID(func(given uint64) bool { return given&reapPIDGiven == 0 }, 0)},
	{"wait-defaults-to-nil", []string{"REAP-DEF-2"},
		"wait defaults to nil",
		waitingIf(func(given uint64, waits bool) bool { return waits && given&reapWaitGiven != 0 })},
	{"wait-ignored", []string{"REAP-WAIT-1"},
		"wait t does not wait",
		waitingIf(func(uint64, bool) bool { return false })},
	{"second-keyword-ignored", []string{"REAP-SIG-1"},
		"where wait comes first, pid is ignored",
		askingPID(func(given uint64) bool { return given&reapWaitBefore != 0 }, -1)},
	{"any-end-wakes", []string{"REAP-SEL-5", "REAP-STAT-1"},
		"the end of a child that is not considered ends the wait for another, which is reported with its status",
		func(l *law) {
			l.reaperActs = wakeByAnyEnd
			l.reaps = func(s *State, act Act) {
				if act.Choice == reapMistaken {
					s.reportMistaken(act.Frame)
					return
				}
				reap(s, act)
			}
		}},
	{"none-waits", []string{"REAP-NONE-1", "REAP-NONE-2", "REAP-FN-1"},
		"wait t waits although there is no considered child",
		func(l *law) { l.holdsReaper = func(waits, _ bool) bool { return waits } }},
	{"none-is-an-error", []string{"REAP-NOHANG-1", "REAP-NONE-1", "REAP-FN-1", "REAP-DEP-1"},
		"once all children have been reaped the call signals an error",
		withoutChildren((*State).allReaped, signalNone)},
	{"none-names-the-pid", []string{"REAP-NOHANG-1", "REAP-NONE-1", "REAP-FN-1", "REAP-DEP-1"},
		"once all children have been reaped the second value is still the pid argument",
		withoutChildren((*State).allReaped, func(s *State, r reaping) { s.answerNothing(r, spec.Int(r.pid)) })},
	{"stranger-is-an-error", []string{"REAP-NONE-2"},
		"a pid that is no child's is an error",
		withoutChildren(func(s *State, r reaping) bool { return r.pid > 0 && s.isStranger(r.pid) }, signalNone)},
	{"values-swapped", []string{"REAP-EXIT-1", "REAP-FN-1"},
		"the pid comes first, then the status",
		tellingOfChild(func(_ *State, _ reaping, _ ID, told *childReport) { told.status, told.pid = told.pid, told.status })},
	{"pairs-crossed", []string{"REAP-EXIT-2", "REAP-FN-1"},
		"with several children unreaped one is reported with another's status",
		tellingOfChild(func(s *State, r reaping, c ID, told *childReport) {
			others, _ := s.considered(-1)
			if _, normal := s.childEndedWith(c); normal && len(others) > 0 && r.pid == -1 {
				told.status = spec.Int(s.get(others[0], childStatus) & 0xff)
			}
		})},
	{"argument-for-pid", []string{"REAP-EXIT-1", "REAP-FN-1"},
		"a child is reported with the pid argument instead of its own pid",
		tellingOfChild(func(_ *State, r reaping, _ ID, told *childReport) { told.pid = spec.Int(r.pid) })},
	{"reported-twice", []string{"REAP-EXIT-3", "REAP-FN-1"},
		"a child is reported twice",
		func(l *law) {
			l.unreaped = zombieOrKept
			l.collects = func(s *State, _ reaping, c ID) {
				kept := s.childMarked(c, childKept)
				s.set(c, childPhase, childReaped)
				s.markChild(c, childKept, !kept)
			}
		}},
	{"reaps-all", []string{"REAP-EXIT-2", "REAP-ZOMB-4", "REAP-FN-1"},
		"one call collects all ended children and reports one of them",
		func(l *law) {
			l.collects = func(s *State, r reaping, _ ID) {
				for _, c := range r.zombies {
					s.set(c, childPhase, childReaped)
				}
			}
		}},
	{"zombie-stays", []string{"REAP-ZOMB-2"},
		"a reported child stays a zombie",
		func(l *law) {
			l.unreaped = func(s *State, c ID) bool { return s.isZombie(c) && !s.childMarked(c, childReported) }
			l.collects = func(s *State, _ reaping, c ID) { s.markChild(c, childReported, true) }
		}},
	{"collected-behind-the-scenes", []string{"REAP-ZOMB-1"},
		"children are collected when they end, and their status is handed out later",
		func(l *law) {
			l.unreaped = zombieOrKept
			l.collects = func(s *State, _ reaping, c ID) {
				s.set(c, childPhase, childReaped)
				s.markChild(c, childKept, false)
			}
			l.remains = func(s *State, c ID) {
				if !s.ofAdapter(c) {
					leaveZombie(s, c)
					return
				}
				s.set(c, childPhase, childReaped)
				s.markChild(c, childKept, true)
			}
		}},
	{"nil-for-zero", []string{"REAP-STAT-1"},
		"exit code 0 is told as nil",
		tellingExitCode(func(code uint64, told *childReport) {
			if code == 0 {
				told.status = spec.Nil{}
			}
		})},
	{"zero-for-one", []string{"REAP-STAT-1"},
		"exit code 1 is told as 0",
		tellingExitCode(func(code uint64, told *childReport) {
			if code == 1 {
				told.status = spec.Int(0)
			}
		})},
	{"status-forms-mixed", []string{"REAP-STAT-1", "REAP-STAT-5"},
		"exit codes above 127 are told as wait words, others as they are",
		tellingExitCode(func(code uint64, told *childReport) {
			if code > 127 {
				told.status = spec.Int(code << 8)
			}
		})},
	{"status-is-the-word", []string{"REAP-STAT-5"},
		"the status is the wait word",
		tellingExitCode(func(code uint64, told *childReport) { told.status = spec.Int(code << 8) })},
	{"exit-code-not-cut", []string{"REAP-STAT-2"},
		"more than eight bits of an exit code are told",
		func(l *law) { l.exitCode = func(_ *State, argument uint64) uint64 { return argument & 0xffff } }},
	{"signalled-is-nil", []string{"REAP-EXIT-1"},
		"a child that a signal ended is reported with nil as its status",
		tellingOfChild(func(s *State, _ reaping, c ID, told *childReport) {
			if _, normal := s.childEndedWith(c); !normal {
				told.status = spec.Nil{}
			}
		})},
	{"signal-not-told", []string{"REAP-STAT-4"},
		"the third value is nil for a child that a signal ended",
		tellingOfChild(func(_ *State, _ reaping, _ ID, told *childReport) { told.signal = spec.Nil{} })},
	{"stopped-reported", []string{"REAP-STOP-1"},
		"a stopped child is reported",
		func(l *law) {
			l.unreaped = func(s *State, c ID) bool { return s.isZombie(c) || s.get(c, childPhase) == childStopped }
			l.collects = func(s *State, _ reaping, c ID) {
				if s.isZombie(c) {
					s.set(c, childPhase, childReaped)
				}
			}
		}},
	{"os-wait-not-inverted", []string{"REAP-SIG-2"},
		"os-wait takes nowait for wait",
		func(l *law) {
			l.reapWaits = func(s *State, f ID) bool {
				return s.reapWaits(f) != (s.arg(f, askedFlags)&reapOsWait != 0)
			}
		}},
	{"shell-returns-pid-first", []string{"REAP-RSC-1"},
		"run-shell-command with wait nil returns the pid alone",
		func(l *law) { l.shellStarted = func(s *State, f ID, pid Term) { s.returns(f, pid) } }},
	{"shell-status-lost", []string{"REAP-ZOMB-5", "REAP-RSC-1"},
		"run-shell-command with wait t returns 0 whatever the exit status",
		func(l *law) { l.shellStatus = func(*State, ID) uint64 { return 0 } }},
	{"shell-wait-leaves-zombie", []string{"REAP-ZOMB-5"},
		"a child that run-shell-command waited for is left to be reaped",
		func(l *law) { l.shellReaps = false }},
	{"stream-with-wait-accepted", []string{"REAP-RSC-2"},
		"run-shell-command takes :stream with wait t",
		func(l *law) { l.waitTakesStream = true }},
}

// What a child is to mutants alone, beside its kind.
const (
	childKept     = 1 << (iota + 8) // gone from the system, and yet to be reported
	childReported                   // reported, and still there
)

func (s *State) childMarked(c ID, mark uint64) bool { return s.get(c, childKind)&mark != 0 }

func (s *State) markChild(c ID, mark uint64, on bool) {
	kind := s.get(c, childKind) &^ mark
	if on {
		kind |= mark
	}
	s.set(c, childKind, kind)
}

func zombieOrKept(s *State, c ID) bool { return s.isZombie(c) || s.childMarked(c, childKept) }

// selectingPID has some pids select what another one does.
func selectingPID(which func(pid int64) bool, as int64) func(*law) {
	return func(l *law) {
		l.selects = func(s *State, c ID, pid int64) bool {
			if which(pid) {
				pid = as
			}
			return s.selects(c, pid)
		}
	}
}

// askingPID has calls of reap-os-subprocess ask for another pid, depending on how they were given.
func askingPID(which func(given uint64) bool, pid int64) func(*law) {
	return func(l *law) {
		l.reapPID = func(s *State, f ID) int64 {
			if given := s.arg(f, askedFlags); given&reapOsWait == 0 && which(given) {
				return pid
			}
			return s.reapPID(f)
		}
	}
}

// waitingIf has calls of reap-os-subprocess wait, or not, depending on how they were given.
func waitingIf(waits func(given uint64, waits bool) bool) func(*law) {
	return func(l *law) {
		l.reapWaits = func(s *State, f ID) bool {
			if given := s.arg(f, askedFlags); given&reapOsWait == 0 {
				return waits(given, s.reapWaits(f))
			}
			return s.reapWaits(f)
		}
	}
}

// whileChildrenRun has reap-os-subprocess return another second value while considered children run.
func whileChildrenRun(second func(s *State, r reaping) spec.Value) func(*law) {
	return func(l *law) {
		l.answersRunning = func(s *State, r reaping) {
			if r.osWait {
				answerRunning(s, r)
				return
			}
			s.answerNothing(r, second(s, r))
		}
	}
}

// withoutChildren has some calls of reap-os-subprocess be answered otherwise where there is no considered child.
func withoutChildren(which func(s *State, r reaping) bool, answer func(s *State, r reaping)) func(*law) {
	return func(l *law) {
		l.answersNone = func(s *State, r reaping) {
			if r.osWait || !which(s, r) {
				answerNone(s, r)
				return
			}
			answer(s, r)
		}
	}
}

func signalNone(s *State, r reaping) {
	s.signal(r.f, s.u.condition(spec.Condition{Type: "os-error", Message: "waitpid: no child processes"}))
}

// tellingOfChild has other values tell of a child.
func tellingOfChild(spoil func(s *State, r reaping, c ID, told *childReport)) func(*law) {
	return func(l *law) {
		l.tellsEnd = func(s *State, r reaping, c ID, status, signal spec.Value) childReport {
			told := tellEnd(s, r, c, status, signal)
			spoil(s, r, c, &told)
			return told
		}
	}
}

// tellingExitCode has other values tell of a child that a signal didn't end.
func tellingExitCode(spoil func(code uint64, told *childReport)) func(*law) {
	return tellingOfChild(func(s *State, _ reaping, c ID, told *childReport) {
		if code, normal := s.childEndedWith(c); normal {
			spoil(code, told)
		}
	})
}

// childEndedWith is the exit code of a child, and whether it ended normally.
func (s *State) childEndedWith(c ID) (code uint64, normal bool) {
	status := s.get(c, childStatus)
	return status, status>>16 == 0
}

// allReaped tells whether there were children and none is left.
func (s *State) allReaped(reaping) bool { return !s.anyChild(s.present) && s.reportedBefore() }

// wakeByAnyEnd has a call end with the end of a child that it doesn't consider.
func wakeByAnyEnd(s *State, r reaping, act Act, out []Act) []Act {
	if others, _ := s.considered(-1); len(others) > 0 {
		woken := act
		woken.Choice = reapMistaken
		out = append(out, woken)
	}
	return s.reaperActs(r, act, out)
}

// reportMistaken reports one that runs with the status of another.
func (s *State) reportMistaken(f ID) {
	r := s.reaping(f)
	s.endReapWait(f)
	others, _ := s.considered(-1)
	s.returns(f, s.u.Intern(spec.Int(s.get(others[0], childStatus)&0xffff)), s.u.Intern(spec.Int(s.get(r.running, childPID))), NilTerm)
}
