package model

import (
	"math"
	"slices"

	"github.com/mpcheck/mpcheck/spec"
)

// Cleanups in an open state: priorities that are no integers (CLEAN-PRI-2), forms that run last
// (CLEAN-PROC-6), symbols that are resolved when the form is registered (CLEAN-FORM-6), forms that are an
// error when they are run (CLEAN-FORM-4, -5), and cleanups that run before the process is unwound (CLEAN-UNW-1).

// What is known of an entry beside its form and priority.
const (
	wayLast      = 1 << iota // it runs after all others
	wayUnordered             // its priority is no number: it may run at any time
	wayOfOther               // another process has registered it, for that of a foreign thread: nothing says when it runs
	wayCode      = 3         // above these bits: what the symbol of the form named when it was registered
)

// oddPriority is the number that stands for a priority which is no integer in range of any.
func oddPriority(t Term) int64 { return math.MinInt64 + int64(t) }

const oddest = math.MinInt64 + 1<<32

// priorityRange is what an accepted priority may count as: an integer in range as itself; one out of
// range, and what is no integer, as the number that it is, or as the valid one nearest to it.
func (s *State) priorityRange(priority int64) (low, high float64) {
	n := float64(priority)
	if priority < oddest {
		n, _ = spec.Seconds(s.u.Value(Term(priority - math.MinInt64)))
	}
	low, high = math.Floor(n), math.Ceil(n)
	if n > maxPriority {
		low = maxPriority
	}
	if n < -maxPriority {
		high = -maxPriority
	}
	return low, high
}

// samePriority tells whether two priorities that are not the same may count as one: 1 and 1.0, or where
// one of them is rounded.
func (s *State) samePriority(x, y int64) bool {
	if !oddly(x) && !oddly(y) {
		return false
	}
	if s.unordered(x) || s.unordered(y) {
		return true
	}
	low, high := s.priorityRange(x)
	least, most := s.priorityRange(y)
	return low <= most && least <= high
}

// firstOf keeps the entries that may run next: none of the others surely comes before.
func (s *State) firstOf(entries []uint32) []uint32 {
	least := math.Inf(1)
	for _, at := range entries {
		_, high := s.priorityRange(int64(s.cells[at+nodeExtra]))
		least = min(least, high)
	}
	return slices.DeleteFunc(entries, func(at uint32) bool {
		low, _ := s.priorityRange(int64(s.cells[at+nodeExtra]))
		return low > least
	})
}

// oddly tells whether a priority is one that may be refused (CLEAN-PRI-2).
func oddly(priority int64) bool { return priority < -maxPriority || priority > maxPriority }

// unordered tells whether a priority is no number.
func (s *State) unordered(priority int64) bool {
	if priority >= oddest {
		return false
	}
	_, ok := spec.Seconds(s.u.Value(Term(priority - math.MinInt64)))
	return !ok
}

// wayOf is what an entry is noted with in an open state.
func (s *State) wayOf(by, p ID, form Term, priority int64, last bool) uint64 {
	if !s.open {
		return 0
	}
	way := uint64(0)
	if last {
		way |= wayLast
	}
	if s.unordered(priority) {
		way |= wayUnordered
	}
	if by != p && s.get(p, processForeign) != 0 {
		way |= wayOfOther
	}
	if symbol, ok := s.symbolOf(p, form); ok {
		if code, defined := s.code(p, symbol); defined {
			way |= code << wayCode
		}
	}
	return way
}

// symbolOf is the symbol that a form has as its function.
func (s *State) symbolOf(p ID, form Term) (Term, bool) {
	function, _ := s.application(p, form)
	if _, ok := function.(spec.Symbol); ok {
		return s.u.Intern(function), true
	}
	return NoTerm, false
}

// callableForm tells whether the function of a form can be called now.
func (s *State) callableForm(p ID, form Term) bool {
	function, _ := s.application(p, form)
	_, ok := s.code(p, s.u.Intern(function))
	return ok
}

// Ways in which a form may run, beside as it says; a multiple of formWay in the choice of the act.
const (
	formEarlier      = iota + 1 // its symbol means what it meant when the form was registered
	formErrs                    // it is an error, and the remaining forms run (CLEAN-ERR-1)
	formErrsLast                // they don't
	formErrsStanding            // the process waits in a debugger
	formLambda                  // it is a lambda expression, which is called (CLEAN-FORM-5)

	formWay = 1 << 13
)

func (s *State) formActs(entry uint32, act Act, out []Act) []Act {
	form := Term(s.cells[entry+nodeTerm])
	i := act.Choice
	add := func(way uint16) {
		act.Choice = way*formWay + i
		out = append(out, act)
	}
	function, _ := s.application(act.Process, form)
	code, ok := s.code(act.Process, s.u.Intern(function))
	if earlier := s.cells[entry+nodeWay] >> wayCode; earlier != 0 && earlier != code {
		add(formEarlier)
	}
	if _, bare := s.u.Value(form).(spec.Symbol); bare || !ok {
		add(formErrs)
		add(formErrsLast)
		add(formErrsStanding)
	}
	if _, _, ok := s.lambdaCall(act.Process, form); ok {
		add(formLambda)
	}
	return out
}

// lambdaCall is the call that a lambda expression of one parameter makes when it gets the process, where its
// body is one call of code that is told of; what else a body may do nobody sees.
func (s *State) lambdaCall(p ID, form Term) (code uint64, arguments []spec.Value, ok bool) {
	l, _ := s.u.Value(form).(spec.List)
	if len(l.Items) != 3 || l.Dotted != nil {
		return 0, nil, false
	}
	head, _ := l.Items[0].(spec.Symbol)
	parameters, _ := spec.Items(l.Items[1])
	body, _ := spec.Items(l.Items[2])
	if head.Name != "LAMBDA" || len(parameters) != 1 || len(body) == 0 {
		return 0, nil, false
	}
	code, ok = s.code(p, s.u.Intern(body[0]))
	arguments = append(arguments, body[1:]...)
	for i := range arguments {
		if spec.Eql(arguments[i], parameters[0]) {
			arguments[i] = s.u.Ref(p)
		}
	}
	return code, arguments, ok
}

// failForm is what an error in a form does (CLEAN-ERR-1).
func (s *State) failForm(p ID, way uint16) {
	s.noReturn(p)
	switch way {
	case formErrsLast:
		s.dropCleanups(p)
	case formErrsStanding:
		s.set(p, processStands, 1)
	}
}

// A process that is killed may run its cleanups first, on top of the frames that it is about to leave: it
// is then ending, and processFirst is the innermost of these frames; once it leaves them, firstOver.
const firstOver = 1<<32 - 1

// ordersEnd tells whether it makes a difference if a process that is to leave all its frames does so
// before its cleanups or after: there are cleanups, or forms of unwind-protect, which may register one.
func (s *State) ordersEnd(p ID) bool {
	return s.open && !s.isForeign(p) && s.runsYet(p) && (s.get(p, processCleanups) > 0 || s.protected(p))
}

// protected tells whether a process is in the body of an unwind-protect.
func (s *State) protected(p ID) bool {
	for f := s.innermost(p); f != 0; f = ID(s.get(f, frameParent)) {
		if rules[s.get(f, frameRule)].op == "unwind-protect" && s.get(f, frameState) == frameOpen && s.get(f, frameStage) == stageBody {
			return true
		}
	}
	return false
}

// leaveActs lists an act by which a process begins to leave all its frames: before its cleanups, or
// after.
func (s *State) leaveActs(act Act, out []Act) []Act {
	if !s.ordersEnd(act.Process) {
		return append(out, act)
	}
	return s.either(stickyUnwinding, act, out)
}

// cleansFirst tells whether such an act has the cleanups run first, and then begins that: the
// operation of the frame is left open until it is its turn.
func (s *State) cleansFirst(act Act) bool {
	if !s.ordersEnd(act.Process) || s.way(stickyUnwinding, act) != second {
		return false
	}
	if s.get(act.Process, processCleanups) > 0 {
		s.cite("CLEAN-UNW-1")
	}
	s.set(act.Frame, frameState, frameOpen)
	s.set(act.Frame, frameUnwound, unwoundBehind)
	s.set(act.Process, processFirst, uint64(act.Frame))
	s.beginEnding(act.Process)
	return true
}

// betweenForms tells whether a process that does its cleanups runs code which is none of a form: an interrupt that comes between
// two of them, or after the last.
func (s *State) betweenForms(p ID) bool {
	if !s.open || s.get(p, processPhase) != phaseEnding || s.late(p) {
		return false
	}
	f, around := s.innermost(p), ID(s.get(p, processFirst))
	for ; f != 0 && ID(s.get(f, frameParent)) != around; f = ID(s.get(f, frameParent)) {
	}
	return f != 0 && s.get(f, frameKind) != bodyFrame
}

// formRunsHere tells whether a process runs a form of a dead one at once (CLEAN-PROC-5).
func (s *State) formRunsHere(p ID) bool {
	for f := s.innermost(p); s.open && f != 0; f = ID(s.get(f, frameParent)) {
		if s.get(f, frameState) == frameOpen && s.get(f, frameStage) == stageBody && s.OpOf(f) == "ensure-process-cleanup" {
			return true
		}
	}
	return false
}

// late tells whether a process has run its cleanups and leaves its frames.
func (s *State) late(p ID) bool { return s.get(p, processFirst) == firstOver }

// interruptible tells whether a kill would reach a process: it runs, or unwinds, and its code does not forbid it.
func (s *State) interruptible(p ID) bool {
	if f := s.innermost(p); f != 0 && s.get(f, frameScope)&scopeUninterrupted != 0 {
		return false
	}
	return s.runsYet(p) || s.late(p)
}

// runsYet tells whether code of a process runs that a kill would end: its function, or what is called before that - on a foreign
// thread by a form of its bindings; in an open state also an interrupt, a local terminator, a status hook.
func (s *State) runsYet(p ID) bool {
	phase := s.get(p, processPhase)
	return phase == phaseRunning || phase == phaseCreated && s.innermost(p) != 0
}
