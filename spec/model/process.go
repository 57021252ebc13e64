package model

import (
	"slices"

	"github.com/mpcheck/mpcheck/spec"
)

// Phases of a process's life. In phaseEnding the cleanups run; there is no observation of
// death: alive, listed and send answer freely from the end of the function on. In phaseResting a process that a
// foreign thread has had waits for its next call, if there is one.
const (
	phaseCreated = iota + 1
	phaseRunning
	phaseResting
	phaseEnding
	phaseDead
)

var processRules = slices.Concat(creationRules, killRules, stopRules, interruptRules, selfRules, internalRules, psRules, scopeRules, waitRules, terminateRules, listRules, foreignRules)

// A processLaw decides how processes come about and end, and what they show of themselves.
type processLaw struct {
	// creates makes a process of a call: functionCalled finds what it is to run, starts has it run
	// that, and argumentsPassed says with which arguments.
	creates         func(s *State, act Act)
	functionCalled  func(s *State, act Act) (code uint64, ok bool)
	starts          func(s *State, act Act, code uint64)
	argumentsPassed func(s *State, act Act) Term
	// mailboxGiven, priorityGiven are what keywords give a new process, tellsCreated what the creator gets for it.
	mailboxGiven  func(s *State, p, f ID) ID
	priorityGiven func(s *State, act Act) (n uint64, given bool)
	tellsCreated  func(s *State, p ID, act Act) ID
	// setsPriority sets the priority of a process, and gives what the call returns; outranks compares two.
	setsPriority func(s *State, p ID, n uint64) uint64
	outranks     func(one, other int64) bool

	// killsItself ends the process that asks for it; killsItselfInCleanup answers one that does its
	// cleanups.
	killsItself          func(s *State, act Act)
	killsItselfInCleanup func(s *State, act Act)
	killsItselfInScope   func(s *State, act Act)
	// blocks and disablesOthers are what holds in the bodies of with-interrupts-blocked and with-other-threads-disabled.
	blocks         uint64
	disablesOthers uint64
	// asksToEnd is a kill that a process has yet to unwind for; killsAgain is one of a process that does
	// its cleanups.
	asksToEnd  func(s *State, p ID)
	killsAgain func(s *State, p ID)
	// stops asks a process to stop, unstops has it go on, which a kill does too; tellsUnstop is what is answered.
	stops       func(s *State, p ID)
	unstops     func(s *State, p ID)
	killUnstops func(s *State, p ID)
	tellsUnstop func(s *State, stopped Term) Term
	// interrupts has a process take an interrupt, and interruptGets is what its function is called with; interruptible
	// tells whether it is taken where the process is in the operation of a frame, and holdsInterrupts where it isn't.
	interrupts      func(s *State, act Act, p ID, applies Term)
	interruptGets   func(s *State, p ID, arguments []spec.Value) []spec.Value
	interruptible   func(s *State, p, f ID) bool
	holdsInterrupts uint64
	// resumes has the operation that was interrupted go on.
	resumes func(s *State, f ID)
	// wakes tells whether a kill reaches a process in the operation of its frame.
	wakes func(s *State, p, f ID) bool
	// runsUnwindForm tells whether a frame is left by way of the form of an unwind-protect.
	runsUnwindForm func(s *State, a Act) bool
	// endsInError has an error that nobody handled end a process.
	endsInError func(s *State, p ID)
	// unlists takes a dead process out of the list of all.
	unlists func(s *State, p ID)

	// isInternal tells whether a process is marked as an internal server; countsCaller has the one that asks for others count.
	isInternal   func(s *State, p ID) bool
	countsCaller bool

	currentProcess func(s *State, act Act) ID
	// seenWaiting is who waits, as a wait function sees it.
	seenWaiting func(s *State, act Act) ID
	nameOf      func(s *State, p ID) Term
	alive       func(s *State, act Act) bool

	// joinIsOver tells whether a join of a process need not wait, and tellsJoin what it gives.
	// The others are given where time is up.
	joinIsOver func(s *State, p ID) bool
	tellsJoin  func(s *State, act Act) Term
	joinInVain Term
	// setsMethod gives a process its terminate method, usesMethod terminates one by that, and terminatorGets is what a
	// remote terminator is called with. killsInTime kills a process whose time has passed.
	setsMethod      func(s *State, p ID, m terminateMethod)
	usesMethod      func(s *State, act Act, p ID)
	terminatorGets  func(s *State, caller, p ID) spec.Value
	killsInTime     func(s *State, p ID)
	forcesAfter     func(after uint64) uint64
	terminateInVain Term
	waitInVain      Term

	// isListed tells whether a process is among those that a caller is told of; shows is how a list has
	// them, and counted how many a count finds.
	isListed func(s *State, caller, p ID) membership
	shows    func(listed []ID) []ID
	counted  func(n int) int
	// presented is the order in which ps has them.
	presented func(s *State, listed []ID) []ID
	// fitting finds the processes that a designator fits, sameName is the sameness of names, and
	// unmatchedName what a search by name finds where none fits.
	fitting       func(s *State, caller ID, wanted spec.Value) (listed, open []ID)
	sameName      func(name spec.Value, wanted spec.String) bool
	unmatchedName uint16
}

var documentedProcesses = processLaw{
	creates:              createProcess,
	functionCalled:       functionOfCall,
	starts:               startProcess,
	argumentsPassed:      argumentsOfCall,
	mailboxGiven:         mailboxOfKeyword,
	priorityGiven:        priorityOfKeyword,
	tellsCreated:         func(_ *State, p ID, _ Act) ID { return p },
	setsPriority:         setAndTell,
	outranks:             func(one, other int64) bool { return one > other },
	killsItself:          killItself,
	killsItselfInCleanup: answerKillInCleanup,
	killsItselfInScope:   killItselfInScope,
	blocks:               scopeUninterrupted,
	disablesOthers:       scopeUninterrupted | scopeAlone,
	asksToEnd:            askToEnd,
	killsAgain:           leaveCleanupsAlone,
	stops:                askToStop,
	unstops:              runOn,
	killUnstops:          killRunsOn,
	tellsUnstop:          func(_ *State, stopped Term) Term { return stopped },
	interrupts:           queueInterrupt,
	interruptGets:        func(_ *State, _ ID, arguments []spec.Value) []spec.Value { return arguments },
	interruptible:        func(*State, ID, ID) bool { return true },
	holdsInterrupts:      scopeUninterrupted,
	resumes:              func(*State, ID) {},
	wakes:                func(*State, ID, ID) bool { return true },
	runsUnwindForm:       unwindsByForm,
	endsInError:          endInError,
	unlists:              (*State).unlist,
	isInternal:           isInternal,
	currentProcess:       currentProcess,
	seenWaiting:          func(_ *State, act Act) ID { return act.Process },
	nameOf:               nameOfProcess,
	alive:                isAlive,
	joinIsOver:           func(s *State, p ID) bool { return s.get(p, processPhase) == phaseDead || s.endsOutside(p) },
	tellsJoin:            tellJoin,
	joinInVain:           NilTerm,
	terminateInVain:      NilTerm,
	setsMethod:           setMethod,
	usesMethod:           useMethod,
	terminatorGets:       func(s *State, _, p ID) spec.Value { return s.u.Ref(p) },
	killsInTime:          (*State).kill,
	forcesAfter:          func(after uint64) uint64 { return after },
	waitInVain:           NilTerm,
	isListed:             isListed,
	shows:                func(listed []ID) []ID { return listed },
	counted:              func(n int) int { return n },
	presented:            byPriority,
	fitting:              fittingDesignator,
	sameName:             func(name spec.Value, wanted spec.String) bool { return name == wanted },
	unmatchedName:        foundNothing,
}

// What a process asks about itself, or another about it.
var selfRules = []rule{
	{
		op: "get-current-process",
		effect: func(s *State, act Act) {
			p := s.law.ownProcess(s, s.law.currentProcess(s, act))
			if s.isForeign(p) {
				p = s.law.currentOff(s, p)
			}
			s.returns(act.Frame, s.u.RefTerm(p))
		},
	},
	{
		op:        "process-name",
		foretells: true,
		decode:    decodeObject(KindProcess),
		enabled:   nameActs,
		effect:    tellName,
	},
}

// currentProcess: the process that runs the call, also where that is a cleanup form.
func currentProcess(s *State, act Act) ID {
	if s.get(act.Process, processPhase) == phaseEnding && !s.late(act.Process) {
		s.cite("CLEAN-PROC-3")
	}
	s.cite("PROC-CUR-1")
	if s.get(act.Process, processForeign) != 0 {
		s.cite("PROC-CUR-4")
	}
	return act.Process
}

// Ways of telling a name: of a dead process it is the one that it had, nil, or an error.
const (
	nameTold = iota
	nameNone
	nameRefused
)

func nameActs(s *State, act Act, out []Act) []Act {
	p := s.subject(act.Frame)
	if act.Touches = onlyReads(p); s.open { // a name that may be any is this one from then on
		act.Touches = onlyWrites(p).writing(allNames)
	}
	out = append(out, act)
	if s.open && s.get(p, processPhase) == phaseDead {
		for _, act.Choice = range []uint16{nameNone, nameRefused} {
			out = append(out, act)
		}
	}
	return out
}

// tellName tells the name of a process; one that may have had any has this one from then on.
func tellName(s *State, act Act) {
	p := s.subject(act.Frame)
	dead := s.get(p, processPhase) == phaseDead
	if dead {
		s.cite("PROC-NAME-8")
	}
	switch act.Choice {
	case nameNone:
		s.returns(act.Frame, NilTerm)
		return
	case nameRefused:
		s.signal(act.Frame, s.deadProcess())
		return
	}
	if s.open && s.get(p, processName) == uint64(NoTerm) {
		s.citeAnyName()
		s.set(p, processName, uint64(s.learned(act.Frame)))
	} else if !dead {
		s.citeStartup(p)
		s.cite("PROC-NAME-2")
	}
	s.returns(act.Frame, s.law.nameOf(s, p))
}

// citeAnyName cites why a process may have any name: the one given was no string, or was taken.
func (s *State) citeAnyName() {
	if s.decided(stickySameName) == sameNameWays[createRenames] {
		s.cite("PROC-CREATE-6")
		return
	}
	s.cite("PROC-CREATE-5")
}

func nameOfProcess(s *State, p ID) Term { return Term(s.get(p, processName)) }

// deadProcess is the error of who asks too much of one.
func (s *State) deadProcess() uint32 {
	return s.u.condition(spec.Condition{Type: "simple-error", Message: "the process is dead"})
}

func firstArgument(s *State, f ID) ID { return s.subject(f) }
