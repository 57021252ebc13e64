package model

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/mpcheck/mpcheck/spec"
)

// ps presents all processes in the order of their priorities: as its value, a list, or printed, where its value is anything. The
// simulator does both.

var psRules = []rule{
	{
		op:        "ps",
		foretells: true,
		prints:    true,
		throughout: func(s *State, _ ID, there []Lasting, answer Term) string {
			told, isList := s.processList(answer)
			if !isList {
				return ""
			}
			var ranked []ID
			for _, p := range there {
				if !slices.Contains(told, p.Process) {
					return "a list of all that are there throughout, as " + printed(s.u.Value(Term(s.get(p.Process, processName))))
				}
				if p.Ranked {
					ranked = append(ranked, p.Process)
				}
			}
			told = slices.DeleteFunc(told, func(p ID) bool { return !slices.Contains(ranked, p) })
			if !s.isInOrder(told) {
				return "a list in the order of the priorities"
			}
			return ""
		},
		enabled: func(_ *State, act Act, out []Act) []Act {
			act.Touches = everything
			return append(out, act)
		},
		effect: func(s *State, act Act) {
			s.cite("PROC-PS-1")
			listed, open := s.population(act.Process)
			if len(listed) > 1 {
				s.cite("PROC-PS-2")
			}
			s.cite("PROC-PS-3")
			if s.open {
				s.prints(act.Frame, unspecified) // it may print whatever it returns
				told, isList := s.processList(s.learned(act.Frame))
				if !isList {
					s.returns(act.Frame, unspecified)
					return
				}
				if s.presents(told, listed, open) {
					s.returns(act.Frame, s.learned(act.Frame))
					return
				}
			}
			var items []spec.Value
			var text strings.Builder
			for _, p := range s.law.presented(s, listed) {
				items = append(items, s.u.Ref(p))
				fmt.Fprintf(&text, "%s %d\n", printed(s.u.Value(Term(s.get(p, processName)))), s.rank(p))
			}
			if !s.open {
				s.prints(act.Frame, s.u.Intern(spec.String(text.String())))
			}
			s.returns(act.Frame, s.u.Intern(spec.NewList(items...)))
		},
	},
}

// byPriority has the processes of the highest priority first, of equal ones the oldest.
func byPriority(s *State, listed []ID) []ID {
	slices.SortStableFunc(listed, func(a, b ID) int { return cmp.Compare(s.rank(b), s.rank(a)) })
	return listed
}

// processList reads a list of processes that has some, but for those that nobody knows: the system's own.
func (s *State) processList(t Term) (told []ID, ok bool) {
	items, isList := spec.Items(s.u.Value(t))
	for _, v := range items {
		p, known := s.u.Object(v, KindProcess)
		if ref, _ := v.(spec.Ref); !known && ref.Type != "process" {
			return nil, false
		}
		if known {
			told = append(told, p)
		}
	}
	return told, isList && len(items) > 0
}

// presents tells whether a list has all processes that are there, each once, and none that isn't, in order.
func (s *State) presents(told, listed, open []ID) bool {
	seen := map[ID]bool{}
	for _, p := range told {
		if seen[p] || !slices.Contains(listed, p) && !slices.Contains(open, p) {
			return false
		}
		seen[p] = true
	}
	return s.isInOrder(told) && !slices.ContainsFunc(listed, func(p ID) bool { return !seen[p] })
}

// isInOrder tells whether processes stand in the order of their priorities, up or down. One whose priority may be any, as it may
// before the process begins, may stand anywhere.
func (s *State) isInOrder(told []ID) bool {
	var ranks []int64
	for _, p := range told {
		if s.get(p, processComputed) == 0 && s.get(p, processPhase) != phaseCreated {
			ranks = append(ranks, s.rank(p))
		}
	}
	up := slices.IsSorted(ranks)
	slices.Reverse(ranks)
	return up || slices.IsSorted(ranks)
}

// prints writes a text to the output that is captured around the frame, if any.
func (s *State) prints(f ID, text Term) {
	more := printed(s.u.Value(text))
	for f = ID(s.get(f, frameParent)); f != 0; f = ID(s.get(f, frameParent)) {
		if s.OpOf(f) != "with-captured-output" {
			continue
		}
		if before := s.arg(f, captured); before != 0 && text != unspecified {
			if text = Term(before - 1); text != unspecified {
				text = s.u.Intern(spec.String(printed(s.u.Value(text)) + more))
			}
		}
		s.note(f, captured, uint64(text)+1)
		return
	}
}

// printed is a string as princ has it.
func printed(v spec.Value) string {
	if text, ok := v.(spec.String); ok {
		return string(text)
	}
	return v.String()
}
