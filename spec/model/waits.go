package model

import (
	"fmt"

	"github.com/mpcheck/mpcheck/spec"
)

// Waits says of each process that can't go on what it waits for, one line each in order of
// creation: the report of a deadlock.
func (s *State) Waits() []string {
	var out []string
	for p := ID(s.get(world, worldFirst)); p != 0; p = ID(s.get(p, processNext)) {
		f := ID(s.get(p, processFrame))
		if f == 0 || s.get(f, frameState) != frameOpen {
			continue
		}
		r := rules[s.get(f, frameRule)]
		reason := "its turn"
		if r.waits != nil {
			reason = r.waits(s, f)
		}
		name := s.u.Value(Term(s.get(p, processName)))
		if text, ok := name.(spec.String); ok {
			name = spec.Symbol{Name: string(text)}
		}
		out = append(out, fmt.Sprintf("%s (%s) in %s waits for %s", name, s.u.Ref(p), r.op, reason))
	}
	return out
}
