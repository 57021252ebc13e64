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
		ID:      "PROC-CREATE-4/itself",
		Clauses: []string{"PROC-CUR-1"},
		Needs:   []string{"process-run-function", "get-current-process"},
		Story:   "What process-run-function returns to the test, and to a process, is what the new process finds as the current one; two calls return two processes.",
		Run: func(c *C) {
			first, again, grandchild, there := c.Cell(none), c.Cell(none), c.Cell(none), c.Cell(none)
			child := c.lifeOf("child", func(p *P, _ *life) { p.CellSet(first, p.GetCurrentProcess().Primary()) }, func(p *P, _ *life) {
				p.CellSet(grandchild, p.Spawn("grandchild", func(p *P) { p.CellSet(there, p.GetCurrentProcess().Primary()) }))
				p.CellSet(again, p.GetCurrentProcess().Primary())
			})
			c.Expect(c.CellGet(first)).To(BeEql(child.Process), "the process that was returned is the one that runs the function")
			other := c.Gated("other")
			c.Expect(child.Process).NotTo(BeEql(other.Process), "each call makes a process of its own")
			c.Open(child.Gated)
			c.Expect(c.answered("PROC-CREATE-3", again, "the process goes on")).For("PROC-CUR-1").To(BeEql(child.Process), "a process is the same on every call")
			c.Expect(c.answered("PROC-CREATE-1", there, "the function runs")).To(BeEql(c.CellGet(grandchild).Primary()), "the process that was returned is the one that runs the function")
		},
	},
	{
		ID:    "PROC-CREATE-4/usable",
		Needs: append([]string{"process-name", "process-send", "process-mailbox", "mailbox-read"}, cleanupNeeds...),
		Story: "What process-run-function returned has a name, takes an object and registers a cleanup.",
		Run: func(c *C) {
			cleaned, child := c.Cell(nil), c.named("child")
			c.Expect(c.ProcessName(child.Process)).For("PROC-NAME-2").To(BeEqual(child.name), "process-name takes it")
			c.sendsTrue("SEND-RET-2", child.Process, 7)
			c.Expect(c.take(c.boxOf(child.Process))).For("SEND-Q-1").To(BeEql(7), "process-send takes it")
			c.EnsureProcessCleanup(c.Func(func(p *P, _ []spec.Value) any { p.CellSet(cleaned, true); return nil }), of(child.Process))
			c.Open(child.Gated)
			c.AwaitFor("CLEAN-RUN-1", spec.CellIs(cleaned, true), "the child ends and its form runs")
		},
	},
	{
		ID:    "PROC-CREATE-10/mailboxes",
		Needs: []string{"process-run-function :mailbox", "process-run-function", "make-mailbox", "process-mailbox", "process-send", "mailbox-read"},
		Story: "Of :mailbox a process has the mailbox that was given, in which an object that is sent to it arrives; for a string and t one of its own, empty.",
		Run: func(c *C) {
			box := c.MakeMailbox().Primary()
			given := c.gatedAt(box)
			c.Expect(c.Eq(c.ProcessMailbox(given).Primary(), box)).To(BeTrue(), "a mailbox is used as it is")
			c.sendsTrue("SEND-RET-2", given, 7)
			c.Expect(c.take(box)).For("SEND-MB-2").To(BeEql(7), "what is sent to the process is in the mailbox that was given")
			for _, v := range []spec.Value{spec.String("post"), spec.True{}} {
				own := c.ProcessMailbox(c.gatedAt(v)).Primary()
				c.Expect(own).To(BeTrue(), "for %s the process has a mailbox from the start", v)
				c.Expect(c.Eq(own, box)).To(BeNil(), "for %s a mailbox is made", v)
				c.Expect(c.take(own)).To(BeNil(), "a mailbox that was made for %s is empty", v)
			}
		},
	},
	{
		ID:    "PROC-CREATE-11/marked",
		Needs: []string{"process-run-function :internal-server", "process-run-function", "process-internal-server-p"},
		Story: "process-internal-server-p is true for a process made with :internal-server t, false for one made with nil and for one made without.",
		Run: func(c *C) {
			marked := c.gatedNamed(c.name("marked"), spec.Keyword("internal-server"), true)
			c.Expect(c.ProcessInternalServerP(marked)).To(BeTrue(), "it was made with :internal-server t")
			c.Expect(c.ProcessInternalServerP(c.gatedNamed(c.name("unmarked"), spec.Keyword("internal-server"), nil))).To(BeNil(), "it was made with :internal-server nil")
			c.Expect(c.ProcessInternalServerP(c.Gated("plain").Process)).To(BeNil(), "it was made without :internal-server")
			c.Expect(c.ProcessInternalServerP(marked)).To(BeTrue(), "it is marked as before")
		},
	},
	{
		ID:    "PROC-CREATE-11/others",
		Needs: []string{"process-run-function :internal-server", "process-run-function", "any-other-process-non-internal-server-p", "list-all-processes"},
		Story: "Where nobody is but the caller, marked processes change nothing for any-other-process-non-internal-server-p; one that is not marked does.",
		Run: func(c *C) {
			before := c.AnyOtherProcessNonInternalServerP()
			alone := !spec.Truth(before.Primary())
			listed := len(entries(c.ListAllProcesses().Primary()))
			if listed == 1 {
				c.Expect(before).To(BeNil(), "there is the caller alone")
			}
			c.gatedNamed(c.name("marked"), spec.Keyword("internal-server"), true)
			any := c.AnyOtherProcessNonInternalServerP()
			if alone && len(entries(c.ListAllProcesses().Primary())) == listed+1 { // processes of the system's own may come and go
				c.Expect(any).To(BeNil(), "there are the caller and an internal server")
			}
			c.Gated("unmarked")
			c.Expect(c.AnyOtherProcessNonInternalServerP()).To(BeTrue(), "another process is there that is no internal server")
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
