package cases

import (
	"github.com/mpcheck/mpcheck/spec"
)

// What get-process takes beside names (PROC-NAME-5).
var designatorCases = []Case{
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
