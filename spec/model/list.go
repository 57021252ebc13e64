package model

import (
	"slices"
	"strings"

	"github.com/mpcheck/mpcheck/spec"
)

// What answers for all processes: the list, its length, the names. A process that has not
// begun, and one that is asked to end or ends, is in the answer or not.

var listRules = []rule{
	{
		op: "list-all-processes",
		enabled: func(s *State, act Act, out []Act) []Act {
			_, open := s.population(act.Process)
			return openActs(act, 1<<min(len(open), maxOpen), out)
		},
		effect: func(s *State, act Act) {
			listed, open := s.population(act.Process)
			for i, p := range open {
				if i >= maxOpen || act.Choice>>i&1 != 0 {
					listed = append(listed, p)
				}
			}
			if s.citeCensus(open) {
				s.cite("PROC-LIST-2")
			}
			s.cite("PROC-LIST-1")
			if len(listed) > 1 { // in any order
				s.cite("PROC-LIST-3")
			}
			slices.Sort(listed)
			var items []spec.Value
			for _, p := range s.law.shows(listed) {
				items = append(items, s.u.Ref(p))
			}
			s.returns(act.Frame, s.u.Intern(spec.NewList(items...)))
		},
	},
	{
		op: "processes-count",
		enabled: func(s *State, act Act, out []Act) []Act {
			_, open := s.population(act.Process)
			return openActs(act, 1+len(open), out)
		},
		effect: func(s *State, act Act) {
			listed, open := s.population(act.Process)
			if s.citeCensus(open) {
				s.cite("PROC-COUNT-2")
			}
			s.citeForeignCount()
			s.cite("PROC-COUNT-1")
			if len(listed) > 1 { // others that have begun
				s.cite("PROC-COUNT-2")
			}
			s.returnsNumber(act.Frame, uint64(s.law.counted(len(listed)+int(act.Choice))+s.idleCounted()))
		},
	},
	{
		op: "get-process",
		decode: func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
			o.args[wantedProcess] = uint64(u.Intern(call.Arg(0)))
			switch v := call.Arg(0).(type) {
			case spec.String, spec.Symbol, spec.Int:
			default:
				_, process := u.Object(v, KindProcess)
				if _, function := u.Object(v, KindFunction); !process && !function {
					return wrongType("the designator", v, "a process, a name or a function")
				}
			}
			return nil
		},
		enabled:    func(s *State, act Act, out []Act) []Act { return s.findActs(act, true, out) },
		effect:     func(s *State, act Act) { s.found(act, true) },
		throughout: wrongFound,
	},
	{
		op: "find-process-from-name",
		decode: func(u *Universe, call spec.Call, o *Operation) *spec.Condition {
			if _, ok := call.Arg(0).(spec.String); !ok {
				return wrongType("the name", call.Arg(0), "a string")
			}
			o.args[wantedProcess] = uint64(u.Intern(call.Arg(0)))
			return nil
		},
		enabled:    func(s *State, act Act, out []Act) []Act { return s.findActs(act, false, out) },
		effect:     func(s *State, act Act) { s.found(act, false) },
		throughout: wrongFound,
	},
}

// maxOpen bounds the processes about whose membership a list is free; further ones are in it.
const maxOpen = 10

func openActs(act Act, ways int, out []Act) []Act {
	act.Touches = everything
	for i := range ways {
		act.Choice = uint16(i)
		out = append(out, act)
	}
	return out
}

// A membership says whether a process is listed.
type membership int

const (
	isIn membership = iota
	mayBeIn
	isOut
)

// isListed: the current processes are, the dead are not; of one that has not begun, or ends, it is open.
func isListed(s *State, _, p ID) membership {
	switch phase := s.get(p, processPhase); {
	case phase == phaseDead:
		return isOut
	case phase == phaseCreated, s.ending(p):
		return mayBeIn
	}
	return isIn
}

// population returns the processes that are listed and those that may be, each in the
// order of their IDs.
func (s *State) population(caller ID) (listed, open []ID) {
	for p := range s.processesOf(s.imageOf(caller)) {
		switch s.law.isListed(s, caller, p) {
		case isIn:
			listed = append(listed, p)
		case mayBeIn:
			open = append(open, p)
		}
	}
	slices.Sort(listed)
	slices.Sort(open)
	return listed, open
}

// citeCensus cites why an answer for all processes is open, and tells whether one is dead, which is not in it.
func (s *State) citeCensus(open []ID) (dead bool) {
	if s.cited == nil {
		return false
	}
	if len(open) > 0 {
		s.cite("PROC-LIST-4")
	}
	for id, base := range s.base {
		dead = dead || base != 0 && s.u.kinds[id] == KindProcess && s.get(ID(id), processPhase) == phaseDead
	}
	return dead
}

// wantedProcess is the slot of what designates a process.
const wantedProcess = argSubject

// Ways in which a search may go: the process of that index among the candidates, or:
const (
	foundNothing = 1<<16 - 1 - iota
	foundError
)

// findActs lists what a search by designator may find. Of the processes that surely are
// there the one of highest priority wins; one that may be there may win too.
func (s *State) findActs(act Act, refuses bool, out []Act) []Act {
	act.Touches = everything
	wanted := s.u.Value(Term(s.arg(act.Frame, wantedProcess)))
	if _, ok := s.u.Object(wanted, KindProcess); ok {
		return append(out, act)
	}
	listed, open := s.candidates(act)
	best := -1
	for i, p := range listed {
		if best < 0 || s.law.outranks(s.rank(p), s.rank(listed[best])) {
			best = i
		}
	}
	// Where a priority isn't known any of them may have the highest.
	unknown := s.open && slices.ContainsFunc(listed, func(p ID) bool { return s.get(p, processComputed) != 0 })
	for i, p := range listed {
		if unknown || s.get(p, processPriority) == s.get(listed[best], processPriority) {
			act.Choice = uint16(i)
			out = append(out, act)
		}
	}
	for i, p := range open {
		unknown := unknown || s.open && s.get(p, processPhase) == phaseCreated // its priority may be another before it begins
		if unknown || best < 0 || !s.law.outranks(s.rank(listed[best]), s.rank(p)) {
			act.Choice = uint16(len(listed) + i)
			out = append(out, act)
		}
	}
	if _, symbol := wanted.(spec.Symbol); symbol && refuses && len(listed) > 0 {
		// What else a symbol may designate is merely information. It may find nothing.
		for _, nothing := range []uint16{foundNothing, foundError} {
			act.Choice = nothing
			out = append(out, act)
		}
	}
	if len(listed) == 0 {
		if !refuses {
			act.Choice = s.law.unmatchedName
			return append(out, act)
		}
		for _, act.Choice = range []uint16{foundNothing, foundError} {
			out = append(out, act)
		}
	}
	return out
}

// rank is the priority of a process.
func (s *State) rank(p ID) int64 { return int64(s.get(p, processPriority)) }

// candidates returns the processes that a designator fits: those that are there, and
// those that may be.
func (s *State) candidates(act Act) (listed, open []ID) {
	return s.law.fitting(s, act.Process, s.u.Value(Term(s.arg(act.Frame, wantedProcess))))
}

func fittingDesignator(s *State, caller ID, wanted spec.Value) (listed, open []ID) {
	listed, open = s.population(caller)
	fits := func(p ID) bool {
		name := s.u.Value(Term(s.get(p, processName)))
		switch v := wanted.(type) {
		case spec.String:
			return s.law.sameName(name, v)
		case spec.Symbol:
			return name == spec.String(v.Name) || spec.Eql(s.u.Value(Term(s.get(p, processDesignator))), v)
		}
		return spec.Eql(s.u.Value(Term(s.get(p, processDesignator))), wanted)
	}
	if s.open { // a name that may be any may be this one
		_, isInt := wanted.(spec.Int)
		unnamed := func(p ID) bool { return !isInt && Term(s.get(p, processName)) == NoTerm }
		for _, p := range listed {
			if unnamed(p) {
				open = append(open, p)
			}
		}
		named := fits
		fits = func(p ID) bool { return named(p) || unnamed(p) }
		listed = slices.DeleteFunc(listed, unnamed)
	}
	misfit := func(p ID) bool { return !fits(p) }
	return slices.DeleteFunc(listed, misfit), slices.DeleteFunc(open, misfit)
}

func (s *State) found(act Act, refuses bool) {
	s.citeSearch(act, refuses)
	wanted := Term(s.arg(act.Frame, wantedProcess))
	switch {
	case act.Choice == foundNothing:
		s.returns(act.Frame, NilTerm)
	case act.Choice == foundError:
		s.signal(act.Frame, s.u.condition(spec.Condition{Type: "simple-error", Message: "no process fits " + s.u.Value(wanted).String()}))
	default:
		if _, ok := s.u.Object(s.u.Value(wanted), KindProcess); ok {
			s.returns(act.Frame, wanted)
			return
		}
		listed, open := s.candidates(act)
		s.returns(act.Frame, s.u.RefTerm(append(listed, open...)[act.Choice]))
	}
}

// citeSearch cites what is said of what a search finds.
func (s *State) citeSearch(act Act, refuses bool) {
	if s.cited == nil {
		return
	}
	wanted := s.u.Value(Term(s.arg(act.Frame, wantedProcess)))
	if _, ok := s.u.Object(wanted, KindProcess); ok {
		s.cite("PROC-NAME-5")
		return
	}
	listed, open := s.candidates(act)
	name, byName := wanted.(spec.String)
	nothing := act.Choice == foundNothing || act.Choice == foundError
	switch {
	case nothing && !refuses:
		s.cite("PROC-NAME-6")
	case nothing && len(listed) == 0:
		s.cite("PROC-NAME-7")
	case len(listed)+len(open) > 1:
		s.cite("PROC-NAME-4")
	}
	switch {
	case !byName:
		s.cite("PROC-NAME-5")
	case !refuses && !nothing || s.hasNameInOtherCase(act.Process, name):
		s.cite("PROC-NAME-3")
	}
	if byName && refuses && !nothing {
		s.cite("PROC-NAME-1")
	}
}

// hasNameInOtherCase tells whether a process has a name that differs from one in case only.
func (s *State) hasNameInOtherCase(caller ID, wanted spec.String) bool {
	listed, open := s.population(caller)
	return slices.ContainsFunc(append(listed, open...), func(p ID) bool {
		name, ok := s.u.Value(Term(s.get(p, processName))).(spec.String)
		return ok && name != wanted && strings.EqualFold(string(name), string(wanted))
	})
}

// wrongFound says what is wrong with what a search has found, while processes were there all the while: a process isn't found whose
// name it is, or one whose name it isn't, or that of a lower priority. What else designates processes is left alone.
func wrongFound(s *State, f ID, there []Lasting, answer Term) string {
	wanted := s.u.Value(Term(s.arg(f, wantedProcess)))
	if p, ok := s.u.Object(wanted, KindProcess); ok && answer != s.u.RefTerm(p) {
		return "the process itself"
	}
	text, ok := wanted.(spec.String)
	if !ok {
		return ""
	}
	named := func(p ID) bool { return s.law.sameName(s.u.Value(Term(s.get(p, processName))), text) }
	found, known := s.u.Object(s.u.Value(answer), KindProcess)
	if known && s.exists(found) && Term(s.get(found, processName)) != NoTerm && !named(found) {
		return "a process of that name, or none"
	}
	isRanked := func(p Lasting) bool { return p.Ranked && s.get(p.Process, processComputed) == 0 }
	ranked := slices.ContainsFunc(there, func(p Lasting) bool { return p.Process == found && isRanked(p) })
	for _, p := range there {
		switch {
		case !named(p.Process):
		case answer == NilTerm:
			return "a process of that name, as one is there throughout"
		case known && ranked && isRanked(p) && s.law.outranks(s.rank(p.Process), s.rank(found)):
			return "a process of that name with the highest priority"
		}
	}
	return ""
}
