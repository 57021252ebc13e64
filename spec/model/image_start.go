package model

import "github.com/mpcheck/mpcheck/spec"

// initialize-multiprocessing: it makes the processes that *initial-processes* lists, one after the other, or a default
// listener where that is empty; then one for the initial thread, where it was given arguments; and waits until
// multiprocessing has ended.

// What a process was made as: processStartup.
const (
	startupElement = iota + 1 // one that is listed
	startupMain               // the initial thread's
)

// Stages of it.
const (
	startMakes = stageBody    // it makes processes
	startWaits = stageCleanup // for the end of multiprocessing
	startAgain = stageCaught  // it was called where multiprocessing runs, and waits for its end all the same
)

// Slots of it.
const (
	startArguments slot = iota // for the initial thread's process, a list, 0 for none
	startList                  // what *initial-processes* had as its value
	startNext                  // how many parts are done: each element, the listener, the initial thread's process
	startNamed                 // as which of the processes that are made here others were named, a bit each
	startFault                 // the error of the latest part
)

var startRules = []rule{
	{
		op: "initialize-multiprocessing",
		decode: func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
			if len(call.Args) > 0 {
				o.args[startArguments] = uint64(u.Intern(spec.NewList(call.Args...)))
			}
			return nil
		},
		enabled: initActs,
		effect:  initialize,
		waits:   func(*State, ID) string { return "the end of multiprocessing" },
	},
}

// Ways of it.
const (
	startPlainly  = iota
	startDecides                // how a second call goes: which way, times as much
	startEnds     = 1<<8 + iota // multiprocessing is over: it returns,
	startQuits                  // or the program ends
	startFails                  // an error in a part is one of the whole,
	startSkips                  // or the part is passed over
	startKills                  // multiprocessing is over but for internal servers, which are killed
	startStaysOff               // as startFails, and multiprocessing is off again
	startNames    = 1 << 12     // a process that is made is named as that one
	startListens  = 1 << 9      // a listener is made
	startListless = 1 << 10     // or none
)

func initActs(s *State, act Act, out []Act) []Act {
	f, image := act.Frame, s.imageOf(act.Process)
	act.Touches = everything
	add := func(ways ...uint16) {
		for _, act.Choice = range ways {
			out = append(out, act)
		}
	}
	switch s.get(f, frameStage) {
	case 0:
		if s.runsProcesses(image) && s.decided(stickyAgain) == undecided {
			add(startDecides*4+first, startDecides*4+second, startDecides*4+third)
			return out
		}
		add(startPlainly)
		if s.open && !s.runsProcesses(image) && s.get(image, imageQuits)&quitsItself != 0 { // of a second time no page says anything
			add(startStaysOff)
		}
	case startMakes:
		if s.arg(f, startFault) != 0 {
			add(startFails, startSkips)
			if s.open {
				add(startStaysOff)
			}
			return out
		}
		s.partActs(f, add)
	case startWaits:
		if s.law.isOver(s, image) {
			if s.get(image, imageOldest) == 0 || s.open { // internal servers do nothing more
				add(startEnds)
			}
			add(startQuits)
			if s.open && len(s.terminated(image)) > 0 { // they are killed first, for their cleanups (INIT-STOP-1)
				add(startKills)
			}
			break
		}
		s.citeQuit(image)
		s.cite("INIT-START-2")
	}
	return out
}

// partActs lists the ways of the next part: what is made may be any of the processes that are told of.
func (s *State) partActs(f ID, add func(...uint16)) {
	elements, n := s.startElements(f), int(s.arg(f, startNext))
	makes := n < len(elements) || n > len(elements) && s.arg(f, startArguments) != 0
	if n == len(elements) {
		may, must := s.listens(f, len(elements))
		if !must {
			add(startListless)
		}
		makes = may
	}
	switch {
	case !makes && n == len(elements):
		return
	case !makes:
		add(startPlainly)
		return
	}
	if !s.open {
		add(startListens)
		return
	}
	for k := range uint16(len(elements) + 2) {
		if s.arg(f, startNamed)>>k&1 == 0 {
			add(startListens | startNames | k)
		}
	}
}

// listens tells whether there may be a default listener, and whether there must. Only of who calls it where something
// is read does the seed say so.
func (s *State) listens(f ID, elements int) (may, must bool) {
	if !s.open {
		made := s.law.makesListener(elements)
		return made, made
	}
	if elements > 0 {
		return s.loose.listener, false
	}
	return true, s.arg(f, startArguments) == 0 && s.get(f, frameKind) != ownFrame
}

// startElements are the elements of the list that an initialization goes through.
func (s *State) startElements(f ID) []spec.Value {
	items, _ := spec.Items(s.u.Value(Term(s.arg(f, startList))))
	return s.law.elementsUsed(items)
}

func initialize(s *State, act Act) {
	f, image := act.Frame, s.imageOf(act.Process)
	switch stage := s.get(f, frameStage); {
	case stage == 0 && act.Choice/4 == startDecides:
		s.decide(stickyAgain, uint64(act.Choice%4))
	case stage == 0 && s.runsProcesses(image):
		s.startsAgain(f)
	case stage == 0 && s.get(image, imageState) != imageOff:
		s.signalPlain(f, "multiprocessing is not in this image")
	case stage == 0 && act.Choice == startStaysOff:
		s.signalPlain(f, "multiprocessing has ended")
	case stage == 0:
		s.law.initializes(s, act)
	case act.Choice == startFails, act.Choice == startStaysOff:
		s.cite("INIT-IP-6")
		s.set(image, imageState, imageRuns)
		if act.Choice == startStaysOff {
			s.set(image, imageState, imageOff)
		}
		s.signal(f, uint32(s.arg(f, startFault)))
	case act.Choice == startSkips:
		s.cite("INIT-IP-6")
		s.note(f, startFault, 0)
	case stage == startMakes:
		s.makesPart(act)
	case act.Choice == startKills:
		s.cite("INIT-STOP-1")
		s.killTerminated(image)
	case act.Choice == startQuits:
		s.cite("INIT-STOP-2", "INIT-STOP-3")
		s.endImage(image)
	default:
		s.cite("INIT-STOP-2", "INIT-STOP-3", "INIT-START-3")
		s.set(image, imageState, imageOff)
		if s.open && image != world {
			s.set(image, imageQuits, s.get(image, imageQuits)|quitsItself)
		}
		if s.loose.returned {
			s.returns(f, unspecified)
			return
		}
		s.returns(f, s.law.startReturns)
	}
}

// startMultiprocessing begins to make processes.
func startMultiprocessing(s *State, act Act) {
	image := s.imageOf(act.Process)
	s.citeBoot(image)
	if s.get(act.Frame, frameKind) != ownFrame {
		if s.arg(act.Frame, startArguments) != 0 {
			s.cite("INIT-START-6")
		}
		s.cite("INIT-START-1", "INIT-START-2", "INIT-IP-3", "INIT-IP-4")
	}
	s.set(image, imageState, imageStarts)
	s.set(image, imageQuits, 0)
	s.set(act.Frame, frameStage, startMakes)
	list := s.law.listAtStart(s, act)
	s.note(act.Frame, startList, uint64(list))
	if _, ok := spec.Items(s.u.Value(list)); s.open && !ok { // what is no list may be an error, as an element that is none
		s.note(act.Frame, startFault, uint64(s.u.condition(spec.Condition{Type: "type-error", Message: "*initial-processes* is no list"})))
	}
}

// listAtStart: the value of *initial-processes* as it is now.
func listAtStart(s *State, act Act) Term {
	list := s.valueIn(act.Process, s.u.Intern(initialProcesses))
	if list == s.anyValue() {
		return NilTerm
	}
	return list
}

// startsAgain is a call while multiprocessing runs.
func (s *State) startsAgain(f ID) {
	s.cite("INIT-START-5")
	switch s.decided(stickyAgain) {
	case first:
		s.signalPlain(f, "multiprocessing runs")
	case second:
		s.returns(f, NilTerm)
	default:
		s.set(f, frameStage, startAgain)
	}
}

// makesPart makes the next process, or none.
func (s *State) makesPart(act Act) {
	f := act.Frame
	t := ID(s.get(f, frameThread))
	elements, n := s.startElements(f), int(s.arg(f, startNext))
	s.note(f, startNext, uint64(n)+1)
	as := uint32(n)
	if act.Choice&startNames != 0 {
		as = uint32(act.Choice & 0xff)
	}
	call := s.callOf(f)
	if call >= ownCalls {
		call = 0
	}
	if act.Choice&startListens != 0 {
		s.note(f, startNamed, s.arg(f, startNamed)|1<<as)
	}
	switch {
	case n < len(elements):
		s.cite("INIT-IP-1", "INIT-IP-2", "INIT-BOOT-6")
		s.callsItself(t, s.creation(s.law.elementArguments(elements[n])), call, uint32(n), as)
	case n == len(elements) && act.Choice&startListens != 0:
		s.cite("INIT-REPL-1", "INIT-REPL-3")
		s.newListener(s.u.Name(t, ownCall(call, as), KindProcess), s.imageOf(t))
	case n == len(elements):
		s.cite("INIT-REPL-2")
	case act.Choice&startListens != 0:
		s.citeBoot(s.imageOf(t))
		s.cite("INIT-START-6")
		s.law.makesMain(s, f, call, as)
	default:
		s.cite("INIT-START-2")
		s.set(f, frameStage, startWaits)
		s.set(s.imageOf(t), imageState, imageRuns)
		s.law.waitsForEnd(s, f)
	}
	if n > len(elements) && act.Choice&startListens != 0 { // that was the last
		s.note(f, startArguments, 0)
	}
}

// makeMain makes the initial thread's process.
func makeMain(s *State, f ID, call uint64, as uint32) {
	items, _ := spec.Items(s.u.Value(Term(s.arg(f, startArguments))))
	o := s.creation(items)
	if name, ok := items[0].(spec.Symbol); s.open && ok && name == anyName {
		o.args[createdName], o.doubt = uint64(NoTerm), 0
	}
	s.callsItself(ID(s.get(f, frameThread)), o, call, uint32(s.arg(f, startNext))-1, as)
}

// anyName stands for the name that the implementation gives a process.
var anyName = spec.Symbol{Package: "MP", Name: "*ANY-NAME*"}

// elementArguments are the arguments that an element of the list stands for.
func elementArguments(v spec.Value) []spec.Value {
	items, ok := spec.Items(v)
	if !ok {
		return []spec.Value{v}
	}
	return items
}

// creation is a call of process-run-function.
func (s *State) creation(arguments []spec.Value) *Operation {
	o, _ := Decode(s.u, spec.Call{Op: "process-run-function", Args: arguments}) // it has a rule
	return &o
}

// newListener makes a process with a read-eval-print loop.
func (s *State) newListener(p, image ID) {
	s.newProcess(p, image)
	s.set(p, processPhase, phaseRunning)
	s.set(p, processReads, readsNow)
	s.set(p, processMark, markNot)
	s.set(p, processName, uint64(s.u.Intern(spec.String("Default Listener"))))
	if s.open {
		s.set(p, processName, uint64(NoTerm))
		s.set(p, processComputed, priorityAny)
		s.set(p, processMark, markUnknown)
	}
}

// isOver tells whether no process is left in an image, or internal servers alone.
func isOver(s *State, image ID) bool {
	for p := range s.processesOf(image) {
		if !s.hasGone(p) && !isInternal(s, p) && (!s.open || s.mark(p) != markUnknown || s.get(p, processReads) != 0) {
			return false
		}
	}
	return true
}

// hasGone tells whether a process counts as ended: in an open state also while the last of its cleanups runs, when it may already be
// off the list of all (PROC-LIST-4) and a join may return (PROC-JOIN-5).
func (s *State) hasGone(p ID) bool {
	phase := s.get(p, processPhase)
	return phase == phaseDead || s.open && phase == phaseEnding && s.get(p, processCleanups) == 0
}

// startupOf tells as what a call makes a process.
func (s *State) startupOf(f ID) uint64 {
	parent := ID(s.get(f, frameParent))
	switch {
	case s.get(f, frameKind) != ownFrame:
		return 0
	case s.arg(parent, startNext) > uint64(len(s.startElements(parent))):
		return startupMain
	}
	return startupElement
}

// makesProcesses tells whether an act is a step of initialize-multiprocessing, or of what it calls, which may go in several ways
// that come to the same.
func (s *State) makesProcesses(a Act) bool {
	return a.Kind == Effect && (s.get(a.Frame, frameKind) == ownFrame || s.OpOf(a.Frame) == "initialize-multiprocessing")
}
