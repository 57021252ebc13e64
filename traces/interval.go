package traces

import (
	"fmt"
	"slices"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/model"
	"github.com/mpcheck/mpcheck/traces/internal/script"
)

// interval tells whether an operation answers for all processes.
func interval(call *script.Call) bool { return call.Row != nil && call.Row.Class == spec.Interval }

// endedInterval judges an operation that answers for all processes and is not atomic: it must
// tell of those that were there throughout.
func (c *checker) endedInterval(i int, f model.ID, call *script.Call) bool {
	problem := c.intervalProblem(c.states[0], call)
	if !c.advance(i, func(s *model.State) bool { return c.intervalProblem(s, call) == "" }, nil) {
		c.convict(i, call.Op, []string{problem}, c.outcome(i))
	}
	for _, s := range c.states {
		s.Forget(f, nil)
	}
	return c.report.Why == "" && len(c.states) > 0
}

func (c *checker) intervalProblem(s *model.State, call *script.Call) string {
	var tells spec.Param
	if len(call.Row.Results) > 0 {
		tells = call.Row.Results[0]
	}
	present, listed := 0, []spec.Value(nil)
	if tells.Role == spec.Each {
		listed, _ = spec.Items(primary(call.Values))
	}
	for ref, p := range c.script.Refs {
		at, made := c.script.Returned[ref]
		if !made || at > call.At || !c.begunBefore(p, call.At) || !s.HasBegun(p) || s.MayEnd(p) || !s.SameImage(p, s.ProcessOf(call.Frame)) {
			continue
		}
		present++
		if tells.Role == spec.Each && !slices.Contains(listed, c.script.Universe.Ref(p)) {
			return fmt.Sprintf("a list that has %s, which is there throughout", ref)
		}
	}
	if n, ok := primary(call.Values).(spec.Int); ok && tells.Role == spec.Count && int(n) < present {
		return fmt.Sprintf("at least %d, as many as are there throughout", present)
	}
	return ""
}

// begunBefore tells whether a process was heard to have begun by then. One that begins while an operation looks
// around need not be seen by it.
func (c *checker) begunBefore(p model.ID, at int) bool {
	if p == c.states[0].TestProcess() {
		return true
	}
	first, told := c.script.Enters[c.script.Universe.Name(p, 0, model.KindFrame)]
	return told && first < at
}

func primary(values []spec.Value) spec.Value {
	if len(values) == 0 {
		return spec.Nil{}
	}
	return values[0]
}
