package model

import (
	"slices"
	"strings"

	"github.com/mpcheck/mpcheck/spec"
)

// The mutants of the processes.
var processMutants = []MutantInfo{
	{"runs-in-caller", []string{"PROC-CREATE-1", "PROC-CREATE-3", "BIND-11", "INIT-BOOT-4", "INIT-IP-1", "INIT-IP-3", "INIT-SAVE-1", "INIT-SCRIPT-1", "INIT-START-1", "INIT-START-6", "INIT-STOP-1"}, "process-run-function without keywords runs the function in the caller and returns when it has", func(l *law) {
		l.creates = func(s *State, act Act) {
			if s.get(act.Frame, frameStage) == stageBody { // the function has run here
				s.returns(act.Frame, s.u.RefTerm(act.Process))
				return
			}
			createProcess(s, act)
		}
		l.starts = func(s *State, act Act, code uint64) {
			if Term(s.arg(act.Frame, createdKeywords)) == NilTerm {
				s.enter(act.Frame, stageBody, code, Term(s.arg(act.Frame, createdArguments)))
				return
			}
			startProcess(s, act, code)
		}
	}},
	{"named-function-refused", []string{"PROC-CREATE-2", "INIT-SCRIPT-1"}, "a symbol that names a function is refused as function", func(l *law) {
		l.functionCalled = func(s *State, act Act) (uint64, bool) {
			if _, named := s.u.Value(Term(s.arg(act.Frame, createdFunction))).(spec.Symbol); named {
				return 0, false
			}
			return functionOfCall(s, act)
		}
	}},
	{"keywords-reach-function", []string{"PROC-CREATE-12", "INIT-IP-1"}, "the keyword list is passed to the function, before its arguments", func(l *law) {
		l.argumentsPassed = func(s *State, act Act) Term {
			keywords := s.u.Value(Term(s.arg(act.Frame, createdKeywords)))
			arguments, _ := spec.Items(s.u.Value(argumentsOfCall(s, act)))
			return s.u.Intern(spec.NewList(append([]spec.Value{keywords}, arguments...)...))
		}
	}},
	{"creation-returns-creator", []string{"PROC-CREATE-4"}, "a process that makes another gets itself", func(l *law) {
		l.tellsCreated = func(s *State, p ID, act Act) ID {
			if act.Process != s.test {
				return act.Process
			}
			return p
		}
	}},
	{"mailbox-keyword-ignored", []string{"PROC-CREATE-10", "SEND-MB-2"}, ":mailbox of process-run-function has no effect", func(l *law) {
		l.mailboxGiven = func(*State, ID, ID) ID { return 0 }
	}},
	{"mailbox-keyword-makes-anew", []string{"PROC-CREATE-10", "SEND-MB-2"}, "a process that is made with a mailbox gets another", func(l *law) {
		l.mailboxGiven = func(s *State, p, f ID) ID {
			if s.arg(f, createdMailbox) == 0 {
				return 0
			}
			return s.newOwnMailbox(p)
		}
	}},
	{"priority-keyword-ignored", []string{"PROC-PRI-1"}, ":priority of process-run-function has no effect", func(l *law) {
		l.priorityGiven = func(*State, Act) (uint64, bool) { return 0, false }
	}},
	{"priority-of-creator", []string{"PROC-PRI-1"}, "a process made with :priority has its creator's", func(l *law) {
		l.priorityGiven = func(s *State, act Act) (uint64, bool) {
			_, given := priorityOfKeyword(s, act)
			return s.get(act.Process, processPriority), given
		}
	}},
	{"priority-unchanged", []string{"PROC-PRI-5"}, "change-process-priority returns the new priority, and the old one stays", func(l *law) {
		l.setsPriority = func(_ *State, _ ID, n uint64) uint64 { return n }
	}},
	{"change-returns-old-priority", []string{"PROC-PRI-5"}, "change-process-priority returns the priority that was", func(l *law) {
		l.setsPriority = func(s *State, p ID, n uint64) uint64 {
			old := s.get(p, processPriority)
			s.setPriority(p, n)
			return old
		}
	}},
	{"lowest-namesake-found", []string{"PROC-NAME-4"}, "of processes of one name get-process finds the one of the lowest priority", func(l *law) {
		l.outranks = func(one, other int64) bool { return one < other }
	}},
	{"mark-forgotten", []string{"PROC-CREATE-11"}, ":internal-server has no effect", func(l *law) {
		l.isInternal = func(*State, ID) bool { return false }
	}},
	{"all-are-internal", []string{"PROC-CREATE-11"}, "process-internal-server-p is true for every process", func(l *law) {
		l.isInternal = func(*State, ID) bool { return true }
	}},
	{"caller-is-another", []string{"PROC-CREATE-11"}, "any-other-process-non-internal-server-p counts its caller", func(l *law) {
		l.countsCaller = true
	}},
	{"current-kill-returns", []string{"PROC-EXIT-2", "PROC-EXIT-5"}, "current-process-kill returns and does nothing", func(l *law) {
		l.killsItself = func(s *State, act Act) { s.returns(act.Frame, NilTerm) }
	}},
	{"blocked-process-is-killed", []string{"PROC-KILL-3", "PROC-EXIT-7", "PROC-INT-1"}, "with-interrupts-blocked keeps neither kills nor interrupts away", func(l *law) {
		l.blocks = 0
	}},
	{"blocked-kill-returns", []string{"PROC-EXIT-7", "PROC-EXIT-8"}, "current-process-kill returns where interrupts are blocked", func(l *law) {
		l.killsItselfInScope = func(s *State, act Act) { s.returns(act.Frame, NilTerm) }
	}},
	{"others-disabled-kill-signals", []string{"PROC-EXIT-8"}, "current-process-kill signals an error also where other threads are disabled", func(l *law) {
		l.killsItselfInScope = func(s *State, act Act) { s.signalPlain(act.Frame, "interrupts are blocked") }
	}},
	{"others-disabled-kill-at-once", []string{"PROC-EXIT-8"}, "a process that runs alone ends within the scope", func(l *law) {
		l.killsItselfInScope = func(s *State, act Act) {
			if s.inScope(act.Process, scopeAlone) {
				killItself(s, act)
				return
			}
			killItselfInScope(s, act)
		}
	}},
	{"kill-skips-unwind-forms", []string{"PROC-EXIT-5", "PROC-KILL-1", "PROC-TERM-1", "PROC-TERM-3", "PROC-TERM-5"}, "a killed process stops dead: the forms of unwind-protect don't run", func(l *law) {
		l.runsUnwindForm = func(s *State, a Act) bool { return s.get(a.Process, processDying) == 0 && unwindsByForm(s, a) }
	}},
	{"kill-ignored", []string{"PROC-KILL-1", "PROC-KILL-2", "PROC-TERM-1", "PROC-TERM-3", "PROC-TERM-5", "INIT-STOP-1"}, "process-kill does nothing", func(l *law) {
		l.asksToEnd = func(*State, ID) {}
	}},
	{"kill-does-not-wake", []string{"PROC-KILL-1", "PROC-KILL-2", "PROC-EXIT-8", "PROC-TERM-1", "PROC-TERM-3", "PROC-TERM-5", "INIT-STOP-1"}, "a process that waits is killed only once it goes on", func(l *law) {
		l.wakes = func(s *State, p, f ID) bool { return !s.isHeldBack(p, f) }
	}},
	{"interrupt-ignored", []string{"PROC-INT-1"}, "process-interrupt does nothing", func(l *law) {
		l.interrupts = func(*State, Act, ID, Term) {}
	}},
	{"interrupts-caller", []string{"PROC-INT-1"}, "process-interrupt calls the function in the process that it is called in", func(l *law) {
		l.interrupts = func(s *State, act Act, _ ID, applies Term) { queueInterrupt(s, act, act.Process, applies) }
	}},
	{"interrupt-does-not-wake", []string{"PROC-INT-1"}, "a process that waits is interrupted only once it goes on", func(l *law) {
		l.interruptible = func(s *State, p, f ID) bool { return !s.isHeldBack(p, f) }
	}},
	{"interrupt-ends-wait", []string{"PROC-INT-1"}, "a mailbox-read that is interrupted returns nil", func(l *law) {
		l.resumes = func(s *State, f ID) {
			if s.OpOf(f) == "mailbox-read" {
				s.set(f, frameDeadline, s.Now())
			}
		}
	}},
	{"interrupt-drops-arguments", []string{"PROC-INT-1"}, "a function that interrupts is called with the process alone", func(l *law) {
		l.interruptGets = func(s *State, p ID, _ []spec.Value) []spec.Value { return []spec.Value{s.u.Ref(p)} }
	}},
	{"blocked-process-is-interrupted", []string{"PROC-INT-1"}, "with-interrupts-blocked doesn't keep interrupts away", func(l *law) {
		l.holdsInterrupts = 0
	}},
	{"second-interrupt-replaces", []string{"PROC-INT-1"}, "of two interrupts that a process has yet to take the later one alone is taken", func(l *law) {
		l.interrupts = func(s *State, _ Act, p ID, applies Term) { s.setInterrupts(p, []Term{applies}) }
	}},
	{"terminate-timeout-is-true", []string{"PROC-TERM-2"}, "process-terminate returns t also when its join-timeout has passed", func(l *law) {
		l.terminateInVain = TrueTerm
	}},
	{"wait-function-sees-another", []string{"PROC-CUR-3"}, "in a wait function *current-process* is another process than the one that waits", func(l *law) {
		l.seenWaiting = func(s *State, _ Act) ID { return s.test }
	}},
	{"wait-timeout-is-true", []string{"PROC-WAIT-1"}, "process-wait-with-timeout returns t also when its time has passed", func(l *law) {
		l.waitInVain = TrueTerm
	}},
	{"second-kill-ends-phase", []string{"PROC-KILL-5", "CLEAN-RUN-1"}, "a kill ends the cleanups of a process that is ending", func(l *law) {
		l.killsAgain = (*State).dropCleanups
	}},
	{"join-returns-at-once", []string{"PROC-JOIN-1"}, "process-join returns t without waiting", func(l *law) {
		l.joinIsOver = func(*State, ID) bool { return true }
	}},
	{"join-timeout-is-true", []string{"PROC-JOIN-1"}, "process-join returns t also when its time has passed", func(l *law) {
		l.joinInVain = TrueTerm
	}},
	{"join-dead-is-nil", []string{"PROC-JOIN-1", "PROC-JOIN-2"}, "process-join without timeout of a dead process returns nil", func(l *law) {
		l.tellsJoin = func(s *State, act Act) Term {
			p := s.subject(act.Frame)
			if s.get(p, processPhase) == phaseDead && s.get(act.Frame, frameDeadline) == never {
				return NilTerm
			}
			return tellJoin(s, act)
		}
	}},
	{"alive-for-ever", []string{"PROC-ALIVE-1"}, "a dead process stays alive", living(func(*State, ID, Act) bool { return true })},
	{"alive-only-caller", []string{"PROC-ALIVE-1"}, "only the process that asks is alive", living(func(_ *State, p ID, act Act) bool {
		return p == act.Process
	})},
	{"stop-does-nothing", []string{"PROC-STOP-1"}, "process-stop has no effect", func(l *law) { l.stops = func(*State, ID) {} }},
	{"stop-kills", []string{"PROC-STOP-1"}, "process-stop ends the process", func(l *law) { l.stops = askToEnd }},
	{"stop-is-for-good", []string{"PROC-STOP-1"}, "process-unstop answers, and the process stays stopped", func(l *law) { l.unstops = func(*State, ID) {} }},
	{"unstop-always-true", []string{"PROC-STOP-1"}, "process-unstop answers t for a process that was never stopped", func(l *law) { l.tellsUnstop = func(*State, Term) Term { return TrueTerm } }},
	{"unstop-always-nil", []string{"PROC-STOP-1"}, "process-unstop answers nil", func(l *law) { l.tellsUnstop = func(*State, Term) Term { return NilTerm } }},
	{"stopped-survives-kill", []string{"PROC-STOP-1", "PROC-KILL-1", "PROC-TERM-1"}, "a stopped process that is killed stays stopped", func(l *law) { l.killUnstops = func(*State, ID) {} }},
	{"killed-stays-alive", []string{"PROC-ALIVE-1"}, "a process that was killed stays alive", living(func(s *State, p ID, act Act) bool {
		return s.get(p, processDying) != 0 || isAlive(s, act)
	})},
	{"current-is-youngest", []string{"PROC-CUR-1"}, "get-current-process returns the process made last, but in the main one", func(l *law) {
		l.currentProcess = func(s *State, act Act) ID {
			if act.Process == ID(s.get(s.imageOf(act.Process), imageOldest)) {
				return act.Process
			}
			return ID(s.get(s.imageOf(act.Process), imageYoungest))
		}
	}},
	{"caller-not-listed", []string{"PROC-LIST-1"}, "list-all-processes leaves out its caller", func(l *law) {
		l.isListed = func(s *State, caller, p ID) membership {
			if p == caller {
				return isOut
			}
			return isListed(s, caller, p)
		}
	}},
	{"listed-twice", []string{"PROC-LIST-1", "PROC-COUNT-1"}, "list-all-processes has each process twice", func(l *law) {
		l.shows = func(listed []ID) (twice []ID) {
			for _, p := range listed {
				twice = append(twice, p, p)
			}
			return twice
		}
	}},
	{"never-unlisted", []string{"PROC-LIST-2", "PROC-EXIT-1", "PROC-COUNT-2"}, "a dead process stays listed and counted", func(l *law) {
		l.unlists = func(*State, ID) {}
		l.isListed = func(s *State, caller, p ID) membership {
			if s.get(p, processPhase) == phaseDead {
				return isIn
			}
			return isListed(s, caller, p)
		}
	}},
	{"killed-stay-listed", []string{"PROC-LIST-2", "PROC-EXIT-1", "PROC-COUNT-2"}, "a process that was killed stays listed and counted", func(l *law) {
		l.unlists = func(s *State, p ID) {
			if s.get(p, processDying) == 0 {
				s.unlist(p)
			}
		}
		l.isListed = func(s *State, caller, p ID) membership {
			if s.get(p, processPhase) == phaseDead && s.get(p, processDying) != 0 {
				return isIn
			}
			return isListed(s, caller, p)
		}
	}},
	{"caller-not-counted", []string{"PROC-COUNT-1"}, "processes-count leaves out one process", func(l *law) {
		l.counted = func(n int) int { return n - 1 }
	}},
	{"ps-in-creation-order", []string{"PROC-PS-1"}, "ps has the processes in the order in which they were made", func(l *law) {
		l.presented = func(_ *State, listed []ID) []ID { return listed }
	}},
	{"ps-in-name-order", []string{"PROC-PS-1"}, "ps has the processes in the order of their names", func(l *law) {
		l.presented = func(s *State, listed []ID) []ID {
			name := func(p ID) string { return s.u.Value(Term(s.get(p, processName))).String() }
			slices.SortStableFunc(listed, func(a, b ID) int { return strings.Compare(name(a), name(b)) })
			return listed
		}
	}},
	{"ps-leaves-one-out", []string{"PROC-PS-1"}, "ps leaves out the process of the highest priority", func(l *law) {
		l.presented = func(s *State, listed []ID) []ID { return byPriority(s, listed)[min(1, len(listed)):] }
	}},
	{"any-name-matches", []string{"PROC-NAME-1", "PROC-NAME-3", "PROC-NAME-5", "PROC-NAME-6"}, "a search by name finds the process made last, whatever its name", func(l *law) {
		l.fitting = func(s *State, caller ID, _ spec.Value) (listed, open []ID) {
			listed, _ = s.population(caller)
			return listed[max(0, len(listed)-1):], nil
		}
	}},
	{"name-upcased", []string{"PROC-NAME-2", "INIT-IP-1", "INIT-SCRIPT-1"}, "process-name gives the name in upper case", func(l *law) {
		l.nameOf = func(s *State, p ID) Term {
			name := nameOfProcess(s, p)
			if text, ok := s.u.Value(name).(spec.String); ok {
				name = s.u.Intern(spec.String(strings.ToUpper(string(text))))
			}
			return name
		}
	}},
	{"names-ignore-case", []string{"PROC-NAME-1", "PROC-NAME-3"}, "names that differ in case only are one", func(l *law) {
		l.sameName = func(name spec.Value, wanted spec.String) bool { return equalp(name, wanted) }
	}},
	{"unmatched-name-signals", []string{"PROC-NAME-6"}, "find-process-from-name signals an error where nothing matches", func(l *law) {
		l.unmatchedName = foundError
	}},
}

// living has processes be alive otherwise.
func living(alive func(s *State, p ID, act Act) bool) func(*law) {
	return func(l *law) {
		l.alive = func(s *State, act Act) bool { return alive(s, s.subject(act.Frame), act) }
	}
}

// terminateMutants are those of terminate methods.
var terminateMutants = []MutantInfo{
	{"force-timeout-ignored", []string{"PROC-TERM-3"}, "process-terminate with :force-timeout never kills", func(l *law) { l.killsInTime = func(*State, ID) {} }},
	{"method-is-not-used", []string{"PROC-TERM-2", "PROC-TERM-3", "PROC-TERM-4", "PROC-TERM-5"}, "process-terminate kills also where there is a terminate method", func(l *law) {
		l.usesMethod = func(s *State, act Act, p ID) {
			s.kill(p)
			s.goOnTerminating(act.Frame)
		}
	}},
	{"terminator-gets-caller", []string{"PROC-TERM-4"}, "a remote terminator is called with the process that calls it", func(l *law) {
		l.terminatorGets = func(s *State, caller, _ ID) spec.Value { return s.u.Ref(caller) }
	}},
	{"send-before-terminator", []string{"PROC-TERM-4"}, "of a remote terminator and terminate-by-send the latter comes first", func(l *law) {
		l.usesMethod = func(s *State, act Act, p ID) {
			if s.get(p, processBySend) != 0 {
				s.sendEnd(p)
				s.goOnTerminating(act.Frame)
				return
			}
			useMethod(s, act, p)
		}
	}},
	{"send-before-local", []string{"PROC-TERM-4"}, "of a local terminator and terminate-by-send the latter comes first", func(l *law) {
		l.usesMethod = func(s *State, act Act, p ID) {
			if s.get(p, processBySend) != 0 && s.get(p, processRemote) == 0 {
				s.sendEnd(p)
				s.goOnTerminating(act.Frame)
				return
			}
			useMethod(s, act, p)
		}
	}},
	{"local-before-remote", []string{"PROC-TERM-4"}, "of a remote and a local terminator the latter comes first", func(l *law) {
		l.usesMethod = func(s *State, act Act, p ID) {
			if s.get(p, processLocal) != 0 {
				s.useLocal(act, p)
				return
			}
			useMethod(s, act, p)
		}
	}},
	{"force-at-once", []string{"PROC-TERM-3"}, "process-terminate with :force-timeout kills without waiting", func(l *law) {
		l.forcesAfter = func(uint64) uint64 { return 1 }
	}},
	{"method-is-not-removed", []string{"PROC-TERM-5"}, "a terminate method can't be removed", func(l *law) {
		l.setsMethod = func(s *State, p ID, m terminateMethod) {
			if !m.isNone() {
				setMethod(s, p, m)
			}
		}
	}},
	{"sent-end-is-ignored", []string{"PROC-TERM-5"}, "a process that handles what process-terminate sends goes on", func(l *law) {
		l.endsByEvent = func(*State, ID) {}
	}},
}
