package model

import "github.com/mpcheck/mpcheck/spec"

// Priorities of processes. What a send with change-priority t or :default makes of one is
// open (SEND-PRI-4): the model decides only when somebody asks.

// How the priority of a process will be computed when it is next read: 0 by its number.
const (
	priorityInteractive = iota + 1
	priorityDefault
	priorityNumber // processPending

	// A send that failed may have changed the priority or not (SEND-PRI-5).
	priorityPerhaps = 4

	// Of an open state: it may be any. For others this changes nothing.
	priorityAny = 8
)

// interactivePriority is what change-priority t may set: any fixnum (SEND-PRI-4).
const interactivePriority = 60_000_000

var priorityRules = []rule{
	{
		op:        "process-priority",
		foretells: true,
		decode:    decodeProcess,
		enabled: func(s *State, act Act, out []Act) []Act {
			p := s.subject(act.Frame)
			act.Touches = onlyWrites(p) // what is open of it is settled
			pending := s.get(p, processComputed)
			if s.open && s.get(p, processPhase) == phaseDead { // no page says what it has then
				for _, way := range []uint16{priorityRefused, priorityWhatever} {
					dead := act
					dead.Choice = way
					out = append(out, dead)
				}
			}
			if s.open && pending != priorityNumber|priorityPerhaps {
				if pending == priorityDefault {
					act.Touches = everything
				}
				return append(out, act)
			}
			switch pending {
			case 0, priorityNumber:
				return append(out, act)
			case priorityDefault:
				act.Touches = everything
				return s.either(stickyDefault, act, out)
			}
			act.Touches = everything
			kept, set := act, act
			kept.Choice, set.Choice = first, second
			return append(out, kept, set)
		},
		effect: func(s *State, act Act) {
			p := s.subject(act.Frame)
			s.citePriority(p)
			switch {
			case act.Choice == priorityRefused:
				s.signalPlain(act.Frame, "the process is dead")
				return
			case act.Choice == priorityWhatever, s.open && s.get(p, processPhase) == phaseCreated:
				s.cite("PROC-PRI-1") // which speaks of a process that has passed its first instruction
				s.returns(act.Frame, unspecified)
				return
			}
			if s.open && s.isAny(p) {
				s.tellPriority(p, act.Frame)
				return
			}
			s.computePriority(p, act)
			s.returns(act.Frame, s.u.Intern(spec.Int(int64(s.get(p, processPriority)))))
		},
	},
	{
		op: "change-process-priority",
		decode: func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
			n, ok := call.Arg(1).(spec.Int)
			if !ok {
				o.cite("PROC-PRI-7")
				o.doubts(u, wrongType("the priority", call.Arg(1), "a fixnum"))
				o.args[changedOddly] = 1
			}
			o.args[changedNumber] = uint64(n)
			return objectArg(u, call.Arg(0), KindProcess, &o.args[argSubject])
		},
		enabled: func(s *State, act Act, out []Act) []Act {
			p := s.subject(act.Frame)
			act.Touches = onlyWrites(p)
			out = append(out, act)
			if s.open && s.get(p, processPhase) == phaseDead {
				for _, act.Choice = range []uint16{changeNot, changeRefused} {
					out = append(out, act)
				}
			}
			return out
		},
		effect: func(s *State, act Act) {
			p, n := s.subject(act.Frame), s.arg(act.Frame, changedNumber)
			value := s.u.Intern(spec.Int(int64(n)))
			if s.get(p, processPhase) == phaseDead {
				s.cite("PROC-PRI-7")
			} else if s.arg(act.Frame, changedOddly) == 0 {
				s.cite("PROC-PRI-5")
			}
			switch {
			case act.Choice == changeRefused:
				s.signal(act.Frame, s.u.condition(spec.Condition{Type: "simple-error", Message: "the process is dead"}))
				return
			case act.Choice == changeNot:
			case s.arg(act.Frame, changedOddly) != 0: // no fixnum: with effect or without, whichever
				s.set(p, processComputed, priorityAny)
				value = unspecified
			default:
				before, computed := s.get(p, processPriority), s.get(p, processComputed)
				value = s.u.Intern(spec.Int(int64(s.law.setsPriority(s, p, n))))
				if s.open && s.get(p, processPhase) == phaseCreated && (n != before || computed != 0) {
					s.mayBeginWith(p, before, computed)
				}
			}
			s.returns(act.Frame, value)
		},
	},
}

// mayBeginWith leaves open which priority a process has that was given one, and another before it has begun: it may be given its own
// only as it begins (PROC-PRI-1).
func (s *State) mayBeginWith(p ID, own, computed uint64) {
	if computed != 0 {
		s.set(p, processComputed, priorityAny)
		return
	}
	s.set(p, processComputed, priorityNumber|priorityPerhaps)
	s.set(p, processPending, own)
}

// Slots of change-process-priority.
const (
	changedNumber slot = iota + 1
	changedOddly       // it is no fixnum
)

func decodeProcess(u *Universe, call spec.Call, o *Operation) *spec.Condition {
	return objectArg(u, call.Arg(0), KindProcess, &o.args[argSubject])
}

// Ways of telling the priority of a dead process, beside those of [State.either].
const (
	priorityRefused = third + iota
	priorityWhatever
)

// Ways of changing the priority of a dead process, beside doing so.
const (
	changeNot = iota + 1
	changeRefused
)

// setAndTell: the new priority is the process's, and the value of the call.
func setAndTell(s *State, p ID, n uint64) uint64 {
	s.setPriority(p, n)
	return n
}

// priorityDiffers tells whether the priority of a process that is to be made depends on which value of the variable counts.
func (s *State) priorityDiffers(act Act) bool {
	if s.get(act.Process, processBindings) == 0 || s.arg(act.Frame, createdFlags)&createPriority != 0 {
		return false
	}
	variable := s.u.Intern(defaultPriorityVariable)
	return s.valueIn(act.Process, variable) != s.globalValue(s.imageOf(act.Process), variable)
}

// defaultIsOdd tells whether the variable may give a process that is to be made a priority that is none: no page says what becomes of
// that, as of such a :priority.
func (s *State) defaultIsOdd(act Act) bool {
	if s.arg(act.Frame, createdFlags)&createPriority != 0 {
		return false
	}
	odd := func(t Term) bool {
		_, fixnum := s.u.Value(t).(spec.Int)
		return !fixnum && t != s.anyValue()
	}
	variable, way := s.u.Intern(defaultPriorityVariable), s.decided(stickyPriority)
	return way != second && odd(s.valueIn(act.Process, variable)) || way != first && odd(s.globalValue(s.imageOf(act.Process), variable))
}

// startsWithDefault gives a new process the default priority: the value of the variable.
func (s *State) startsWithDefault(p ID, act Act) {
	way := s.decided(stickyPriority)
	if act.Choice&(createDynamic|createGlobal) != 0 {
		if way = first; act.Choice&createGlobal != 0 {
			way = second
		}
		s.decide(stickyPriority, way)
	}
	if s.priorityDiffers(act) {
		s.cite("PROC-PRI-4")
	}
	switch n, ok := s.u.Value(s.law.defaultPriority(s, act.Process, way)).(spec.Int); {
	case ok:
		s.set(p, processPriority, uint64(n))
	case s.open: // whatever that is
		s.set(p, processComputed, priorityAny)
	}
}

// valueOfDefault is the value of *default-process-priority*, the dynamic or the global one.
func valueOfDefault(s *State, caller ID, way uint64) Term {
	variable := s.u.Intern(defaultPriorityVariable)
	if s.isSet(caller, variable) {
		s.cite("PROC-PRI-2")
	}
	if way == second {
		return s.globalValue(s.imageOf(caller), variable)
	}
	return s.valueIn(caller, variable)
}

func (s *State) setPriority(p ID, n uint64) {
	s.set(p, processPriority, n)
	s.set(p, processComputed, 0)
	s.set(p, processPending, 0)
}

// citePriority cites what is said of the priority that is read: that it is the one that was set, or that it is
// open which one it is.
func (s *State) citePriority(p ID) {
	switch pending := s.get(p, processComputed); {
	case pending == 0 && s.get(p, processPriority) == 0:
		s.cite("PROC-PRI-2", "PROC-PRI-3")
	case pending == 0:
		if s.isSet(p, s.u.Intern(defaultPriorityVariable)) {
			s.cite("PROC-PRI-2")
		}
		s.cite("PROC-PRI-5")
	case pending == priorityDefault:
		s.cite("SEND-PRI-1", "SEND-PRI-4", "PROC-PRI-5")
	case pending == priorityInteractive:
		s.cite("SEND-PRI-4", "PROC-PRI-5")
	case pending&priorityPerhaps != 0:
		s.cite("SEND-PRI-5", "PROC-PRI-5")
	}
}

// isAny tells whether the priority of a process may be any: what was done to it gives it no number.
func (s *State) isAny(p ID) bool {
	pending := s.get(p, processComputed)
	return pending != 0 && pending != priorityNumber|priorityPerhaps
}

// tellPriority tells a priority that may be any; it is that from then on. What :default makes of one
// priority it makes of it whenever, also where it is the default of change-priority (SEND-PRI-1).
func (s *State) tellPriority(p, f ID) {
	n, known := s.foretoldNumber(f)
	from := s.get(p, processPriority)
	switch {
	case s.get(p, processComputed) != priorityDefault || !known:
	case s.get(world, worldDefault) == 0:
		s.set(world, worldDefault, 1)
		s.set(world, worldDefaultOf, from)
		s.set(world, worldDefaultIs, uint64(n))
	case s.get(world, worldDefaultOf) == from:
		n = int64(s.get(world, worldDefaultIs))
	}
	if !known {
		s.returns(f, unspecified)
		return
	}
	s.setPriority(p, uint64(n))
	s.returns(f, s.u.Intern(spec.Int(n)))
}

// computePriority settles what a send has left open: the first way keeps the number.
func (s *State) computePriority(p ID, act Act) {
	pending := s.get(p, processComputed)
	way := uint64(act.Choice)
	if pending == priorityDefault {
		way = s.way(stickyDefault, act)
	}
	if pending == priorityNumber {
		way = second
	}
	if pending == 0 || way != second {
		s.set(p, processComputed, 0)
		s.set(p, processPending, 0)
		return
	}
	switch pending &^ priorityPerhaps {
	case priorityInteractive:
		s.set(p, processPriority, interactivePriority)
	case priorityDefault:
		s.decide(stickyDefault, second)
		s.set(p, processPriority, 0)
	case priorityNumber:
		s.set(p, processPriority, s.get(p, processPending))
	}
	s.set(p, processComputed, 0)
	s.set(p, processPending, 0)
}

// recompute is what a send makes of its target's priority, or perhaps makes of it where it failed.
func (s *State) recompute(p ID, change, number uint64, failed bool) {
	if !s.open && change == priorityAny {
		change = changeNothing
	}
	if s.open && failed && change != changeNothing && s.get(p, processComputed) != 0 {
		change, number, failed = priorityAny, 0, false // one of too many to count
	}
	if s.open && !failed && (change == priorityInteractive || change == priorityDefault && s.get(p, processComputed) != 0) {
		change = priorityAny
	}
	switch {
	case change == changeNothing, failed && s.get(p, processComputed) != 0:
		return
	case failed:
		change |= priorityPerhaps
	case change == priorityNumber:
		s.set(p, processPriority, number)
		change, number = 0, 0
	default:
		number = 0
	}
	s.set(p, processComputed, change)
	s.set(p, processPending, number)
}
