package fuzz

import (
	"slices"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
	"github.com/mpcheck/mpcheck/spec/program"
)

// unit is how many real seconds a second of a program lasts: nobody waits for a fuzzer.
const unit = 0.02

// InRealTime returns the program with its times scaled to a fiftieth. What the test itself would
// wait for without end gets a time-out or doesn't wait: the whole program waits with it. Pauses
// last no longer than the time-outs of any one process together: after that who still waits waits
// for ever, and who runs needs no time to speak of.
func InRealTime(p *program.Program) *program.Program {
	out := p.Clone()
	for _, steps := range out.Blocks {
		for i, s := range steps {
			s.Call.Args, s.Call.Keys = slices.Clone(s.Call.Args), slices.Clone(s.Call.Keys)
			if op := spec.LookupOp(s.Call.Op); op != nil {
				for at, v := range s.Call.Args {
					if isTime(s.Call.Positional(at)) {
						s.Call.Args[at] = scaled(v)
					}
				}
				for k, v := range s.Call.Keys {
					if isTime(op.Keyword(v.Name)) {
						s.Call.Keys[k].Value = scaled(v.Value)
					}
				}
			}
			steps[i] = s
		}
	}
	return ending(out)
}

func isTime(p *spec.Param) bool { return p != nil && p.Type == "seconds" }

// ending gives an end to what the test of a program waits for, and to its pauses, whose times are real ones
// already: a program that was cut may need one anew, and scaled again its times would vanish.
func ending(p *program.Program) *program.Program {
	out := p.Clone()
	ranByTest(out, func(block int) {
		steps := out.Blocks[block]
		for i, s := range steps {
			s.Call.Args, s.Call.Keys = slices.Clone(s.Call.Args), slices.Clone(s.Call.Keys)
			s.Call = bounded(s.Call, steps[:i])
			steps[i] = s
		}
	})
	enough := spec.Double(unit)
	for b, steps := range out.Blocks {
		if b > 0 {
			enough = max(enough, spec.Double(unit)+patience(steps))
		}
	}
	for _, steps := range out.Blocks {
		for i, s := range steps {
			if d, ok := first(s.Call.Args).(spec.Double); ok && s.Call.Op == "pause" && d > enough {
				steps[i].Call.Args = []spec.Value{enough}
			}
		}
	}
	return out
}

func scaled(v spec.Value) spec.Value {
	if seconds, ok := spec.Seconds(v); ok && seconds > 0 && spec.Truth(v) {
		return spec.Double(seconds * unit)
	}
	return v
}

func first(values []spec.Value) spec.Value {
	if len(values) == 0 {
		return nil
	}
	return values[0]
}

// bounded gives a call of the test an end where it could wait without one. Earlier are the steps
// before it.
func bounded(c spec.Call, earlier []program.Step) spec.Call {
	set := func(k spec.Key) {
		i := slices.IndexFunc(c.Keys, func(old spec.Key) bool { return old.Name == k.Name })
		if i < 0 {
			c.Keys = append(c.Keys, k)
		} else {
			c.Keys[i] = k
		}
	}
	endless := func(v spec.Value) bool { return !spec.Truth(v) }
	switch c.Op {
	case "mailbox-read", "mailbox-wait", "mailbox-send-limited", "wait-processing-events":
		for at, v := range c.Args {
			if isTime(c.Positional(at)) && endless(v) {
				c.Args[at] = spec.Double(unit)
			}
		}
	case "process-send":
		limit, _ := c.Key("limit")
		if timeout, _ := c.Key("timeout"); spec.Truth(orNil(limit)) && endless(orNil(timeout)) {
			set(key.Timeout(unit))
		}
	case "process-wait-for-event", "mailbox-wait-for-event":
		set(key.NoHangP(true))
	case "reap-os-subprocess":
		set(key.Wait(false))
	case "child-await": // the end of a child that may never have been told to end
		told := func(s program.Step) bool {
			return s.Call.Op == "child-tell" && spec.Eql(s.Call.Arg(0), c.Arg(0))
		}
		if c.Arg(1) == spec.Value(spec.Keyword("ended")) && !slices.ContainsFunc(earlier, told) {
			c.Args[1] = spec.Keyword("ready")
		}
	}
	return c
}

func orNil(v spec.Value) spec.Value {
	if v == nil {
		return spec.Nil{}
	}
	return v
}

// patience adds up the time-outs of a block, in seconds.
func patience(steps []program.Step) spec.Double {
	var sum spec.Double
	for _, s := range steps {
		sum += spec.Double(s.Call.Requested().Seconds())
	}
	return sum
}
