package model

import (
	"fmt"

	"github.com/mpcheck/mpcheck/spec"
)

// WaitGraph says of each process that can't go on what it waits for and who could end that, in
// order of creation: the report of a deadlock. A kill would end most waits; that is left out.
func (s *State) WaitGraph() spec.WaitGraph {
	var out spec.WaitGraph
	for p := range s.everybody {
		f := s.innermost(p)
		if f != 0 && s.get(f, frameState) == frameOpen {
			out = append(out, s.wait(p, f))
		}
	}
	return out
}

// Waits describes the graph of waits, a line each process and one for a cycle.
func (s *State) Waits() []string { return s.WaitGraph().Lines() }

func (s *State) wait(p, f ID) spec.Wait {
	r := &rules[s.get(f, frameRule)]
	w := spec.Wait{Process: s.described(p), Op: r.op, For: "its turn"}
	if s.halted(p) { // whatever it is at, it is stopped
		w.For = "somebody to unstop it"
		return w
	}
	if s.suspended(p) { // whatever it is at, another's wait for a child comes first
		w.For = "the end of a wait for a child that suspends it"
		w.By, w.Only = []string{s.described(s.processOf(ID(s.get(s.imageOf(p), imageSuspender))))}, true
		return w
	}
	if r.waits != nil {
		w.For = r.waits(s, f)
	}
	if r.waitsOn != nil {
		if on := r.waitsOn(s, f); on != world && on != anyObject && s.u.KindOf(on) != KindProcess {
			w.On = fmt.Sprint(s.u.Ref(on))
		}
	}
	if r.endedBy != nil {
		var by ID
		if by, w.Only = r.endedBy(s, f); by != 0 {
			w.By = []string{s.described(by)}
		}
		return w
	}
	w.Only = s.isAlone(p)
	return w
}

// described is a process for people: its name, and its reference.
func (s *State) described(p ID) string {
	name := s.u.Value(Term(s.get(p, processName)))
	if text, ok := name.(spec.String); ok {
		name = spec.Symbol{Name: string(text)}
	}
	return fmt.Sprintf("%s (%s)", name, s.u.Ref(p))
}

// byTarget: only the process that is the first argument can end the wait.
func byTarget(s *State, f ID) (ID, bool) { return firstArgument(s, f), true }
