package traces

import (
	"cmp"
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
	named := c.namedWhile(call)
	problem := c.intervalProblem(c.states[0], call, named)
	if !c.advance(i, func(s *model.State) bool { return c.intervalProblem(s, call, named) == "" }, nil) {
		c.convicting(c.ownerOf(f), f, func() {
			for _, s := range some(c.states) {
				c.steps(s, &model.UndoLog{}, f, func(a model.Act) bool {
					c.credit(a, c.cites.Together())
					return true
				})
			}
		})
		c.convict(i, call.Op, []string{problem}, c.outcome(i))
	}
	for _, s := range c.states {
		s.Forget(f, nil)
	}
	return c.report.Why == "" && len(c.states) > 0
}

// namedWhile tells which objects calls name that were open at some time while one was, itself left out: what is said of those may
// have been another before.
func (c *checker) namedWhile(call *script.Call) map[model.ID]bool {
	named := map[model.ID]bool{}
	add := func(other *script.Call) {
		if other != nil && other != call {
			for _, id := range other.Needs {
				named[id] = true
			}
		}
	}
	for _, other := range c.calls {
		add(other)
	}
	for i := call.At; i <= c.now; i++ {
		add(c.script.Opens[i])
		add(c.script.Closes[i])
	}
	return named
}

func (c *checker) intervalProblem(s *model.State, call *script.Call, named map[model.ID]bool) string {
	var tells spec.Param
	if len(call.Row.Results) > 0 {
		tells = call.Row.Results[0]
	}
	var there []model.Lasting
	var listed []spec.Value
	answered, ok := spec.Items(primary(call.Values))
	if !ok {
		answered = []spec.Value{primary(call.Values)}
	}
	if tells.Role == spec.Each {
		listed = answered
	}
	for ref, p := range c.script.Refs {
		if c.script.Universe.KindOf(p) != model.KindProcess || !s.Exists(p) {
			continue
		}
		if !s.SameImage(p, s.ProcessOf(call.Frame)) {
			if told := c.script.Universe.Ref(p); slices.Contains(answered, told) {
				return fmt.Sprintf("an answer without %s, which is of another image", ref)
			}
			continue
		}
		at, made := c.script.Returned[ref]
		if s.SameImage(p, s.TestProcess()) && (!made || at > call.At) { // what is launched makes some that no call returns
			continue
		}
		if !c.begunBefore(p, call.At) || !s.HasBegun(p) || s.MayEnd(p) {
			continue
		}
		there = append(there, model.Lasting{Process: p, Ranked: !named[p]})
		if tells.Role == spec.Each && !slices.Contains(listed, c.script.Universe.Ref(p)) {
			return fmt.Sprintf("a list that has %s, which is there throughout", ref)
		}
	}
	if n, ok := primary(call.Values).(spec.Int); ok && tells.Role == spec.Count && int(n) < len(there) {
		return fmt.Sprintf("at least %d, as many as are there throughout", len(there))
	}
	slices.SortFunc(there, func(a, b model.Lasting) int { return cmp.Compare(a.Process, b.Process) })
	return s.WrongThroughout(call.Frame, there, primary(call.Values))
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
