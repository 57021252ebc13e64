package model

import (
	"fmt"

	"github.com/mpcheck/mpcheck/spec"
)

// The life of a child: the harness tells it what to do, it does so, and the operating
// system says how it is.

// Slots of operations on children.
const (
	awaitedEvent slot = 1
	stateOfPID   slot = 0
)

var childLifeRules = []rule{
	planRule,
	{
		op: "child-prepare",
		effect: func(s *State, act Act) {
			c := s.newChild(s.childName(act, 0))
			command := s.u.Intern(Command(c))
			s.set(c, childCommand, uint64(command))
			s.returns(act.Frame, s.u.RefTerm(c), command, s.u.Intern(Program(c)))
		},
		touches: func(*State, ID) Footprint { return onlyWrites(allChildren) },
	},
	{
		op:        "child-tell",
		decode:    decodeTell,
		foretells: true, // its environment
		enabled:   tellActs,
		effect:    tell,
		waits:     func(s *State, f ID) string { return "the child to be started and to have obeyed" },
	},
	{
		op: "child-await",
		decode: func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
			if event := spec.LookupChildWord(spec.ChildEvents, call.Arg(1)); event != nil {
				o.args[awaitedEvent] = childEvents[event.Name]
			}
			if o.args[awaitedEvent] == 0 {
				return wrongType("the event", call.Arg(1), "one of a child's life")
			}
			return objectArg(u, call.Arg(0), KindChild, &o.args[argSubject])
		},
		enabled: func(s *State, act Act, out []Act) []Act {
			act.Touches = onlyReads(s.subject(act.Frame)).reading(allChildren)
			if s.arg(act.Frame, awaitedEvent) == eventSignal {
				act.Touches = onlyWrites(s.subject(act.Frame)).reading(allChildren)
			}
			if s.childEvent(s.subject(act.Frame), s.arg(act.Frame, awaitedEvent)) {
				out = append(out, act)
			}
			return out
		},
		effect: func(s *State, act Act) {
			c := s.subject(act.Frame)
			switch s.arg(act.Frame, awaitedEvent) {
			case eventReady:
				s.returnsNumber(act.Frame, s.get(c, childPID))
				return
			case eventSignal:
				if s.hasReported(c) {
					s.returns(act.Frame, s.pop(ID(s.get(c, childSignals)), logSequence))
					return
				}
			}
			s.citePresence(c)
			s.returns(act.Frame, s.u.Intern(childPhases[s.get(c, childPhase)].Keyword()))
		},
		waits: func(s *State, f ID) string {
			c := s.subject(f)
			return fmt.Sprintf("an event of child %d, which is %s", s.get(c, childPID), childPhases[s.get(c, childPhase)])
		},
	},
	{
		op:      "pid-state",
		enabled: pidStateActs,
		decode: func(_ *Universe, call spec.Call, o *Operation) *spec.Condition {
			n, ok := call.Arg(0).(spec.Int)
			if !ok {
				return wrongType("the pid", call.Arg(0), "an integer")
			}
			o.args[stateOfPID] = uint64(n)
			return nil
		},
		effect: pidState,
	},
}

// Events of a child's life that can be awaited.
const (
	eventReady = iota + 1
	eventZombie
	eventAbsent
	eventStopped
	eventEnded
	eventSignal
)

// childEvents are those of [spec.ChildEvents].
var childEvents = map[string]uint64{
	spec.AwaitReady: eventReady, string(spec.ChildZombie): eventZombie, string(spec.ChildAbsent): eventAbsent,
	string(spec.ChildStopped): eventStopped, spec.AwaitEnded: eventEnded,
	spec.AwaitSignal: eventSignal,
}

// childEvent tells whether an event has come, or can no longer come because the child has
// ended: the answer then says how it is.
func (s *State) childEvent(c ID, event uint64) bool {
	phase := s.get(c, childPhase)
	switch {
	case phase == childPrepared:
		return false
	case event == eventReady || phase >= childReaped:
		return true
	case event == eventSignal && s.hasReported(c):
		return true
	case phase == childZombie:
		return event != eventAbsent
	}
	return phase == childStopped && event == eventStopped
}

// hasReported tells whether a child has reported a signal that nobody has asked for.
func (s *State) hasReported(c ID) bool {
	log := ID(s.get(c, childSignals))
	return log != 0 && s.length(log, logSequence) > 0
}

// pidStateActs: the answer may be the first that tells who is the parent of orphans.
func pidStateActs(s *State, act Act, out []Act) []Act {
	act.Touches = onlyReads(allChildren)
	orphan := s.anyChild(func(c ID) bool {
		return s.get(c, childPID) == s.arg(act.Frame, stateOfPID) && s.mayBeOfAdapter(c)
	})
	if orphan {
		act.Touches = onlyWrites(allChildren)
		return s.either(stickyOrphans, act, out)
	}
	return append(out, act)
}

// pidState says how a process is, its group and its parent; the adapter and its parent are
// processes too.
func pidState(s *State, act Act) {
	pid := s.arg(act.Frame, stateOfPID)
	if s.way(stickyOrphans, act) == second {
		s.cite("REAP-NONE-2")
	}
	answer := func(phase uint64, group, parent uint64) {
		s.returns(act.Frame, s.u.Intern(childPhases[phase].Keyword()), s.u.Intern(spec.Int(group)), s.u.Intern(spec.Int(parent)))
	}
	switch pid {
	case AdapterPID:
		answer(childRunning, AdapterPID, InitPID)
		return
	case InitPID:
		answer(childRunning, InitPID, 0)
		return
	}
	for c := ID(s.get(world, worldChildFirst)); c != 0; c = ID(s.get(c, childNext)) {
		if s.get(c, childPID) != pid {
			continue
		}
		if s.citePresence(c); s.present(c) {
			answer(s.get(c, childPhase), s.get(c, childGroup), s.parentOf(c))
			return
		}
	}
	s.returns(act.Frame, s.u.Intern(spec.ChildAbsent.Keyword()), NilTerm, NilTerm)
}

// citePresence cites what is said of a child's being there or gone after its end.
func (s *State) citePresence(c ID) {
	if !s.ofAdapter(c) {
		return
	}
	switch phase := s.get(c, childPhase); {
	case s.isOfProgram(c):
		if phase >= childZombie && !s.waitedFor(c) {
			s.cite("EXT-STAT-11", "EXT-START-5")
		}
	case phase == childReaped && s.waitedFor(c):
		s.cite("REAP-ZOMB-5")
	case phase == childReaped:
		s.cite("REAP-ZOMB-2")
	case phase == childZombie && !s.waitedFor(c):
		s.cite("REAP-ZOMB-1")
	}
}

// The acts of children: what one was told, or its exit of itself.
const (
	obeyTold = iota
	obeyTimed
	obeyTaken  // an orphan that has ended is reaped by the process that took it over
	obeyStep   // what it does of itself, or the end of a pause
	obeyPaused //
	obeyPour   // and the two after it: it writes what had no room before
	_
	_
	obeySignal   // a signal arrives
	obeyVanishes // one that has ended is gone, whose signal is ignored
	obeyLate     // and the three after it: what it was told and nobody waits for any longer
	_
	_
	_

	obeyWatch // who watches a program sees that its status has changed
	obeyLeave // nobody does: whoever asks sees it

	obeyMayWatch   // the hook is called, which may be told of something
	obeyCollected  // a program that has ended is taken out of the system
	obeyInterrupts // and those after it: the hook is called on the process of that number, whatever that does
)

// childActs lists the children that have yet to do something.
func (s *State) childActs(out []Act) []Act {
	for c := ID(s.get(world, worldChildFirst)); c != 0; c = ID(s.get(c, childNext)) {
		act := Act{Kind: Obey, Process: c, Frame: c, Touches: onlyWrites(allChildren)}
		told, phase := s.get(c, childTold), s.get(c, childPhase)
		if told != 0 && (told != tellExit || s.hasWritten(c)) {
			out = append(out, act)
		}
		if phase == childRunning {
			if s.rings(ID(s.get(c, childTimer))) && s.hasWritten(c) {
				act.Choice = obeyTimed
				out = append(out, act)
			}
			out = s.stepActs(c, out)
		}
		if s.arriving(c) != 0 {
			act.Choice = obeySignal
			out = append(out, act)
		}
		if phase == childZombie && s.parentOf(c) == InitPID {
			act.Choice = obeyTaken
			out = append(out, act)
		}
		if s.get(c, childProgram) != 0 {
			out = s.watchActs(c, out)
		}
		if act.Choice = obeyVanishes; s.open && phase == childZombie && s.ignoresEnd(c) {
			out = append(out, act)
		}
		if s.get(c, childLate) != 0 {
			out = s.lateTellActs(c, out)
		}
	}
	return out
}

func (s *State) obey(a Act) {
	c := a.Frame
	told, argument := s.get(c, childTold), s.get(c, childToldArg)
	switch a.Choice {
	case obeyTaken:
		s.set(c, childPhase, childReaped)
		return
	case obeyStep, obeyPaused:
		s.step(c)
		return
	case obeyPour + 1, obeyPour + 2:
		s.pour(c, uint8(a.Choice-obeyPour))
		return
	case obeySignal:
		s.signalArrives(c)
		return
	case obeyVanishes:
		s.vanish(c)
		return
	case obeyLate, obeyLate + 1, obeyLate + 2, obeyLate + 3:
		s.obeysLate(c, a.Choice-obeyLate)
		return
	case obeyTimed:
		told, argument = tellExit, s.get(c, childTimed)-1
	default:
		s.set(c, childTold, 0)
		s.set(c, childToldArg, 0)
	}
	switch told {
	case tellExit:
		s.exits(c, argument)
	case tellDie:
		s.ends(c, argument<<16)
	case tellStop:
		s.stops(c)
	case tellKill:
		s.sends(c, argument)
		if n := s.arriving(c); n == argument {
			s.signalArrives(c)
		}
	}
}

// exits lets a child exit with an argument, of which more than the code may be told where it is a program.
func (s *State) exits(c ID, argument uint64) {
	if s.open && s.isOfProgram(c) && argument > 0xff {
		s.set(c, childWhole, argument&0xffff)
	}
	s.ends(c, s.law.exitCode(s, argument))
}

// lowByte: the low eight bits of the argument survive.
func lowByte(s *State, argument uint64) uint64 {
	if argument > 0xff {
		s.cite("REAP-STAT-2")
	}
	return argument & 0xff
}

// leavesNothing closes what a child has open, and forgets what it was to do.
func (s *State) leavesNothing(c ID) {
	s.stopTimer(ID(s.get(c, childPause)))
	for _, field := range []uint8{childTold, childToldArg, childTimed, childDelay, childAfter, childPlan, childDone, childPause,
		childPending, childStdin, childStdout, childStderr} {
		s.set(c, field, 0)
	}
	for s.nextStep(c) != NoTerm {
		s.pop(ID(s.get(c, childSteps)), logSequence)
	}
	for _, field := range []uint8{childOut, childErr} {
		if t := ID(s.get(c, field)); t != 0 {
			s.emptyBytes(t, streamBytes)
		}
	}
}

func (s *State) stops(c ID) {
	if s.get(c, childPhase) != childStopped {
		s.changes(c)
	}
	s.set(c, childPhase, childStopped)
	s.disturb(c)
}

func (s *State) goesOn(c ID) {
	if s.get(c, childPhase) == childStopped {
		s.changes(c)
		s.disturb(c)
	}
	s.set(c, childPhase, childRunning)
}

// leaveZombie: it is a zombie until its parent reaps it. Who watches programs sees at once that one has ended, where
// nobody is to be told.
func leaveZombie(s *State, c ID) {
	if p := ID(s.get(c, childProgram)); p != 0 && !s.open && s.get(p, programHook) == 0 && s.decided(stickyWatch) == first {
		s.cite("EXT-STAT-11", "EXT-START-5")
		s.set(c, childPhase, childReaped)
		return
	}
	if !s.open && s.ignoresEnd(c) {
		s.vanish(c)
		return
	}
	if s.ofAdapter(c) && !s.waitedFor(c) && !s.isOfProgram(c) {
		s.cite("REAP-ZOMB-1")
	}
	s.set(c, childPhase, childZombie)
}

// ends lets a child end. Its own children become those of process 1.
func (s *State) ends(c ID, status uint64) {
	pid, parent := s.get(c, childPID), s.get(c, childParent)
	s.stopTimer(ID(s.get(c, childTimer)))
	s.leavesNothing(c)
	s.set(c, childStatus, status)
	s.changes(c)
	s.law.remains(s, c)
	s.disturb(c)
	for o := ID(s.get(world, worldChildFirst)); o != 0; o = ID(s.get(o, childNext)) {
		switch {
		case ID(s.get(o, childAfter)) == c:
			s.set(o, childAfter, 0)
			s.exitsAfter(o)
		case s.present(o) && s.get(o, childParent) == pid:
			s.set(o, childParent, InitPID)
		case s.get(o, childKind)&childIsShell != 0 && s.get(o, childPID) == parent && s.get(o, childPhase) == childRunning:
			// The shell reaps its command and ends as it did.
			s.set(c, childPhase, childReaped)
			if signal := status >> 16; signal != 0 {
				status = 128 + signal
			}
			s.ends(o, status)
		}
	}
}
