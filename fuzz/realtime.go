package fuzz

import (
	"slices"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/program"
)

// unit is how many real seconds a second of a program lasts: nobody waits for a fuzzer.
const unit = 0.02

// positional names the arguments that are times, by operation.
var positional = map[string]int{"pause": 0, "mailbox-read": 2, "mailbox-wait": 2, "mailbox-send-limited": 3, "process-wait-with-timeout": 1}

// InRealTime returns the program with its times scaled to a fiftieth. What the test itself would
// wait for without end gets a time-out: the whole program waits with it.
func InRealTime(p *program.Program) *program.Program {
	out := p.Clone()
	for b, steps := range out.Blocks {
		for i, s := range steps {
			s.Call.Args, s.Call.Keys = slices.Clone(s.Call.Args), slices.Clone(s.Call.Keys)
			if at, ok := positional[s.Call.Op]; ok && at < len(s.Call.Args) {
				s.Call.Args[at] = scaled(s.Call.Args[at])
				if b == 0 && !spec.Truth(s.Call.Args[at]) && s.Call.Args[at] != spec.Value(spec.Int(0)) {
					s.Call.Args[at] = spec.Double(unit)
				}
			}
			for k, v := range s.Call.Keys {
				if v.Name == "timeout" || v.Name == "join-timeout" {
					s.Call.Keys[k].Value = scaled(v.Value)
				}
			}
			steps[i] = s
		}
	}
	return out
}

func scaled(v spec.Value) spec.Value {
	if n, ok := v.(spec.Int); ok && n > 0 {
		return spec.Double(float64(n) * unit)
	}
	return v
}
