package cases

import "github.com/mpcheck/mpcheck/spec"

// Creation.
var _ = chapter([]Case{
	{
		ID:    "PROC-CREATE-1/new-process",
		Needs: []string{"process-run-function", "get-current-process"},
		Story: "process-run-function has its function run once, in a process that is not the creator's.",
		Run: func(c *C) {
			log, done := c.Log(), c.Cell(nil)
			c.ProcessRunFunction(c.name("child"), nil, c.Func(func(p *P, _ []spec.Value) any {
				p.LogAppend(log, p.GetCurrentProcess().Primary())
				p.CellSet(done, true)
				return nil
			}))
			c.AwaitThat(spec.CellIs(done, true), "the function runs")
			c.Settle()
			ran := entries(c.LogRead(log).Primary())
			c.Expect(spec.Int(len(ran))).To(BeEql(1), "the function runs once")
			c.Expect(spec.Bool(isProcess(ran[0]))).To(BeTrue(), "it runs in a process, not in %s", ran[0])
			c.Expect(ran[0]).NotTo(BeEql(c.GetCurrentProcess().Primary()), "it runs in a process of its own")
		},
	},
	{
		ID:    "PROC-CREATE-2/seed-example",
		Needs: []string{"process-run-function"},
		Story: "A name, the empty list and a symbol that names a function, in that order, make a process that runs the function.",
		Run: func(c *C) {
			log, done := c.Log(), c.Cell(nil)
			name := spec.Symbol{Name: "MPCHECK-FUNCTION"}
			c.Defun(name, c.Code(func(p *P) {
				p.LogAppend(log, "ran")
				p.CellSet(done, true)
			}))
			c.ProcessRunFunction(c.name("child"), spec.NewList(), name)
			c.AwaitThat(spec.CellIs(done, true), "the function that the symbol names runs")
			c.Expect(c.LogRead(log)).To(BeEqual(list("ran")), "it runs once")
		},
	},
	{
		ID:    "PROC-CREATE-3/parallel",
		Needs: []string{"process-run-function"},
		Story: "The function waits at a gate that its creator opens after process-run-function has returned: both get on.",
		Run: func(c *C) {
			gate, beyond := c.MakeGate().Primary(), c.Cell(nil)
			c.ProcessRunFunction(c.name("child"), nil, c.Func(func(p *P, _ []spec.Value) any {
				p.GateWait(gate)
				p.CellSet(beyond, true)
				return nil
			}))
			c.Step("process-run-function has returned")
			c.Settle()
			c.Expect(c.CellGet(beyond)).To(BeNil(), "nobody has opened the gate yet")
			c.GateOpen(gate)
			c.AwaitThat(spec.CellIs(beyond, true), "the new process, in parallel with its creator, passes the gate")
		},
	},
	{
		ID:    "PROC-CREATE-12/no-keywords",
		Needs: []string{"process-run-function"},
		Story: "Behind an empty keyword list and the function come 1, 2 and 3: the function gets exactly these.",
		Run:   func(c *C) { getsArguments(c, nil) },
	},
	{
		ID:    "PROC-CREATE-12/keywords",
		Needs: []string{"process-run-function", "process-run-function :mailbox"},
		Story: "Behind a keyword list and the function come 1, 2 and 3: the function gets exactly these.",
		Run:   func(c *C) { getsArguments(c, list(spec.Keyword("mailbox"), nil)) },
	},
})

func isProcess(v spec.Value) bool {
	ref, ok := v.(spec.Ref)
	return ok && (ref.Type == "process" || ref.Type == "")
}

func getsArguments(c *C, keywords any) {
	log, done := c.Log(), c.Cell(nil)
	c.ProcessRunFunction(c.name("child"), keywords, c.Func(func(p *P, args []spec.Value) any {
		p.LogAppend(log, spec.NewList(args...))
		p.CellSet(done, true)
		return nil
	}), 1, 2, 3)
	c.AwaitFor("PROC-CREATE-1", spec.CellIs(done, true), "the function runs")
	c.Expect(c.LogRead(log)).To(BeEqual(list(list(1, 2, 3))), "what follows the function are its arguments, and nothing else is")
}
