package cases

import (
	"strings"

	"github.com/mpcheck/mpcheck/spec"
)

// Names, and what get-process takes beside them (PROC-NAME-5).
var _ = chapter([]Case{
	{
		ID:    "PROC-NAME-1/one-of-two",
		Needs: []string{"process-run-function", "get-process"},
		Story: "Of two processes that wait get-process finds each by its name.",
		Run: func(c *C) {
			one, two := c.named("one"), c.named("two")
			for _, wanted := range []*namedProcess{one, two, one} {
				c.Expect(c.GetProcess(wanted.name)).To(BeEql(wanted.Process), "get-process finds the process named %q", wanted.name)
			}
		},
	},
	{
		ID:      "PROC-NAME-2/as-created",
		Clauses: []string{"PROC-NAME-1"},
		Needs:   []string{"process-run-function", "process-name", "get-process"},
		Story:   "process-name gives the name that a process was created with, by which get-process finds it.",
		Run: func(c *C) {
			child := c.named("Mixed Case")
			name := c.ProcessName(child.Process)
			c.Expect(name).To(BeEqual(child.name), "the name is the one given at creation")
			c.Expect(c.GetProcess(name.Primary())).For("PROC-NAME-1").To(BeEql(child.Process), "the name leads back to the process")
		},
	},
	{
		ID:      "PROC-NAME-3/case-counts",
		Clauses: []string{"PROC-NAME-6"},
		Needs:   []string{"process-run-function", "get-process", "find-process-from-name"},
		Story:   "Two processes whose names differ in case only are told apart.",
		Run: func(c *C) {
			base := c.name("Ab")
			lower, upper := c.namedAs(base), c.namedAs(swapCase(base))
			for _, wanted := range []*namedProcess{lower, upper} {
				c.Expect(c.GetProcess(wanted.name)).To(BeEql(wanted.Process), "names match by string=")
				c.Expect(c.FindProcessFromName(wanted.name)).To(BeEql(wanted.Process), "names match by string=")
			}
		},
	},
	{
		ID:      "PROC-NAME-6/no-match",
		Needs:   []string{"process-run-function", "find-process-from-name"},
		Expects: Absence,
		Witness: "a process is found by its name",
		Story:   "find-process-from-name finds a process that waits, and returns nil for a name that nobody has.",
		Run: func(c *C) {
			child := c.named("somebody")
			c.Control("a process is found by its name", func() {
				c.Expect(c.FindProcessFromName(child.name)).To(BeEql(child.Process), "the process that waits is found")
			})
			r := c.Try().FindProcessFromName(c.name("nobody"))
			c.Expect(r).NotTo(SignalError(), "that nothing matches is no error")
			c.Expect(r).To(BeNil(), "nothing matches")
		},
	},
	{
		ID:    "PROC-NAME-5/process",
		Needs: []string{"process-run-function", "get-process", "get-current-process"},
		Story: "get-process returns a process that it is given: the caller, and each of two that wait.",
		Run: func(c *C) {
			for _, process := range []spec.Value{c.GetCurrentProcess().Primary(), c.named("one").Process, c.named("two").Process} {
				c.Expect(c.GetProcess(process)).To(BeEql(process), "a process designates itself")
			}
		},
	},
	{
		ID:    "PROC-NAME-5/function",
		Needs: []string{"process-run-function", "get-process"},
		Story: "Of two processes that wait get-process finds each by the function that it was started with.",
		Run: func(c *C) {
			one, two := c.startedWith(), c.startedWith()
			for _, wanted := range []*started{one, two, one} {
				c.Expect(c.GetProcess(wanted.function)).To(BeEql(wanted.process), "a function designates the process started with it")
			}
		},
	},
	{
		ID:    "PROC-NAME-5/symbol",
		Needs: []string{"process-run-function", "get-process"},
		Story: "A symbol designates a process of its name if anything: another process it doesn't find.",
		Run: func(c *C) {
			child := c.named("symbol")
			c.named("other")
			c.informational(c.Try().GetProcess(spec.Symbol{Name: child.name}), child.Process)
		},
	},
	{
		ID:    "PROC-NAME-5/function-name",
		Needs: []string{"process-run-function", "get-process"},
		Story: "A symbol that names a function designates the process that was started with it if anything: another process it doesn't find.",
		Run: func(c *C) {
			name := spec.Symbol{Name: "MPCHECK-STARTS"}
			ready, gate := c.Cell(nil), c.MakeGate().Primary()
			c.Defun(name, c.Code(func(p *P) {
				p.CellSet(ready, true)
				p.GateWait(gate)
			}))
			made := c.For("PROC-CREATE-1").Try().ProcessRunFunction(c.name("process"), nil, name)
			c.Expect(made).For("PROC-CREATE-2").NotTo(SignalError(), "a symbol that names a function is one")
			process := made.Primary()
			c.AwaitFor("PROC-CREATE-1", spec.CellIs(ready, true), "the process begins")
			c.named("other")
			c.informational(c.Try().GetProcess(name), process)
		},
	},
	{
		ID:    "PROC-NAME-4/highest",
		Needs: []string{"process-run-function", "process-run-function :priority", "get-process", "process-name", "process-priority"},
		Story: "Of two processes of one name, made in both orders, get-process finds the one whose priority is 9 and not the one of 5.",
		Run: func(c *C) {
			for _, order := range [][2]int{{5, 9}, {9, 5}} {
				name := c.name("namesake")
				found := map[int]spec.Value{}
				for _, n := range order {
					made := c.Try().gatedNamed(name, spec.Keyword("priority"), n)
					if made == nil || !spec.Equal(c.ProcessName(made).Primary(), spec.String(name)) {
						c.NotApplicable("two processes can't have one name")
					}
					found[n] = made
				}
				c.named("other")
				for _, n := range order {
					c.Expect(c.ProcessPriority(found[n])).For("PROC-PRI-1").To(BeEql(n), "the priority is the one given at creation")
				}
				r := c.GetProcess(name)
				c.Expect(list(found[5], found[9])).For("PROC-NAME-1").To(containing(r.Primary(), 1), "get-process finds a process of that name")
				c.Expect(r).To(BeEql(found[9]), "of several matches the one with the highest priority is returned")
			}
		},
	},
	{
		ID:    "PROC-NAME-7/observed",
		Needs: []string{"process-run-function", "process-join", "get-process"},
		Story: "Records what get-process does where nothing matches: a name that nobody ever had, and that of a process which has died.",
		Run: func(c *C) {
			c.observeMatch(c.Try().GetProcess(c.name("nobody")), nil)
			child := c.named("mortal")
			c.Expect(c.GetProcess(child.name)).For("PROC-NAME-1").To(BeEql(child.Process), "the process is found while it lives")
			c.Open(child.Gated)
			c.For("PROC-JOIN-1").ProcessJoin(child.Process)
			c.Settle()
			c.observeMatch(c.Try().GetProcess(child.name), child.Process)
		},
	},
	{
		ID:    "PROC-NAME-8/observed",
		Needs: []string{"process-run-function", "process-join", "process-name"},
		Story: "Records what the name of a dead process is.",
		Run: func(c *C) {
			child := c.named("mortal")
			c.Open(child.Gated)
			c.For("PROC-JOIN-1").ProcessJoin(child.Process)
			c.Settle()
			switch r := c.Try().ProcessName(child.Process); {
			case r.Status == spec.Signalled:
				c.Observe("PROC-NAME-8", "error")
			case !spec.Truth(r.Primary()):
				c.Observe("PROC-NAME-8", "nil")
			case spec.Equal(r.Primary(), spec.String(child.name)):
				c.Observe("PROC-NAME-8", "same-name")
			default:
				c.Observe("PROC-NAME-8", spec.Other)
			}
		},
	},
})

// observeMatch records what a search finds where nothing matches, or only a dead process: any other is none of that name.
func (c *C) observeMatch(r spec.Return, dead spec.Value) {
	if found := r.Primary(); r.Status == spec.Returned && spec.Truth(found) {
		c.Expect(spec.Bool(dead != nil && spec.Eql(found, dead))).For("PROC-NAME-1").To(BeTrue(), "no living process has the name by which %s was found", found)
	}
	c.Observe("PROC-NAME-7", called(r, "error", "nil", spec.Other))
}

type namedProcess struct {
	*Gated
	name string
}

func (c *C) named(what string) *namedProcess { return c.namedAs(c.name(what)) }

// namedAs makes a process of that name that waits for ever.
func (c *C) namedAs(name string) *namedProcess {
	ready, gate := c.Cell(nil), c.MakeGate().Primary()
	function := c.Func(func(p *P, _ []spec.Value) any {
		p.CellSet(ready, true)
		p.GateWait(gate)
		return nil
	})
	process := c.For("PROC-CREATE-1").ProcessRunFunction(name, nil, function).Primary()
	c.AwaitFor("PROC-CREATE-1", spec.CellIs(ready, true), "process "+name+" begins")
	return &namedProcess{&Gated{process, gate}, name}
}

func swapCase(s string) string {
	return strings.Map(func(r rune) rune {
		if upper := strings.ToUpper(string(r)); upper != string(r) {
			return []rune(upper)[0]
		}
		return []rune(strings.ToLower(string(r)))[0]
	}, s)
}

// started is a process that waits, and the function that it was started with.
type started struct{ process, function spec.Value }

func (c *C) startedWith() *started {
	ready, gate := c.Cell(nil), c.MakeGate().Primary()
	s := &started{function: c.Func(func(p *P, _ []spec.Value) any {
		p.CellSet(ready, true)
		p.GateWait(gate)
		return nil
	})}
	s.process = c.For("PROC-CREATE-1").ProcessRunFunction(c.name("process"), nil, s.function).Primary()
	c.AwaitFor("PROC-CREATE-1", spec.CellIs(ready, true), "the process begins")
	return s
}

// informational judges an answer that the catalogue asks to take for information only: it is the
// process, or nothing was found.
func (c *C) informational(r spec.Return, process spec.Value) {
	if r.Status == spec.Signalled || !spec.Truth(r.Primary()) {
		c.NotApplicable("get-process finds no process by such a symbol, which is merely information")
	}
	c.Expect(r).To(BeEql(process), "the process that is found is the one that is meant")
}
