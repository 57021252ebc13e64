package traces

import (
	"time"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
	"github.com/mpcheck/mpcheck/traces/internal/script"
)

// A part of the trace that is decided by itself means nothing to the rest: its calls are taken out of the search,
// which so has less to go through.

// manyCalls is how many calls a part has where a search is of no use: with fewer, what is not allowed is left to
// it, since it says more.
const manyCalls = 150

// ages is longer than any run.
const ages = 50 * 365 * 24 * time.Hour

// judgeApart convicts the parts that are wrong, and takes them and those that are allowed out of the search.
func (c *checker) judgeApart() {
	atOnce := c.standIn("eq", 0, 0)
	for _, judge := range c.apart {
		for _, part := range judge.Parts() {
			if part.Wrong != nil {
				if len(part.Calls) < manyCalls && !c.o.apartOnly {
					continue
				}
				c.convictWrong(part.Wrong)
			}
			c.takeOut(part, atOnce)
		}
	}
}

// takeOut puts operations that touch nothing in the place of those of a part: one that returns at once, and one
// that waits.
func (c *checker) takeOut(part script.Part, atOnce model.Operation) {
	for _, call := range part.Calls {
		call.Seen.Any, call.Needs, call.Apart = true, nil, true
		switch {
		case !c.script.Quiet.Within(call):
			call.Operation, call.Deadline, call.Timed = atOnce, 0, false
			call.LeftOut = call.Seen.Status == spec.Returned
		case call.Timed:
			call.Operation = c.pause(call.Deadline)
		default:
			call.Operation, call.Deadline = c.pause(ages), ages
		}
	}
}

// standIn decodes an operation that stands in for one judged apart.
func (c *checker) standIn(op string, arguments ...any) model.Operation {
	o, err := model.Decode(c.script.Universe, spec.NewCall(op, nil, arguments...))
	if err != nil {
		panic("traces: the specification has no rule for " + op)
	}
	return o
}

func (c *checker) pause(d time.Duration) model.Operation {
	return c.standIn("pause", spec.Double(d.Seconds()))
}
