package cases

import "github.com/mpcheck/mpcheck/spec"

// The current process, and the number of all processes.
var _ = chapter([]Case{
	{
		ID:    "PROC-CUR-1/each-its-own",
		Needs: []string{"process-run-function", "get-current-process"},
		Story: "Of several processes that wait at the same time each sees its own object as the current process, the same one on every call.",
		Run: func(c *C) {
			seen := c.Log()
			var children []*Gated
			me := c.GetCurrentProcess().Primary()
			for range c.Size(4, 4, 2) {
				children = append(children, c.asks(seen))
			}
			for _, child := range children {
				c.Open(child)
			}
			c.Until("PROC-CREATE-3", "every process goes on", func() bool {
				return len(entries(c.LogRead(seen).Primary())) == 2*len(children)
			})
			for _, child := range children {
				c.Expect(c.LogRead(seen)).To(containing(child.Process, 2), "each process sees itself, before and after the others began")
			}
			c.Expect(c.GetCurrentProcess()).To(BeEql(me), "the test's own process is the same on every call")
			c.Expect(spec.Bool(isIn(me, c.LogRead(seen).Primary()))).To(BeNil(), "no other process sees the test's")
		},
	},
	{
		ID:    "PROC-CUR-2/off",
		Needs: append([]string{"process-run-function", "get-current-process"}, imageNeeds...),
		Story: "In a Lisp in which multiprocessing is off, code that is typed in has no current process. Where it has one, and process-run-function makes a process, multiprocessing is on.",
		Run: func(c *C) {
			board := c.Board()
			c.Fresh().Types(func(p *P) {
				current := spec.Truth(p.GetCurrentProcess().Primary())
				made := !current || p.Try().ProcessRunFunction("Child", nil, p.Posts(board, "runs")).Status == spec.Returned
				p.BoardPost(board, list("typed", current, made))
			})
			typed := entries(c.mark("INIT-REPL-1", board, "typed", "code that is typed in is evaluated"))
			if spec.Truth(typed[0]) && spec.Truth(typed[1]) {
				c.NotApplicable("there multiprocessing is never off: processes can be made in a Lisp as it comes")
			}
			c.Expect(typed[0]).To(BeNil(), "while multiprocessing is off there is no current process")
		},
	},
	{
		ID:    "PROC-COUNT-1/length-of-list",
		Needs: []string{"process-run-function", "processes-count", "list-all-processes"},
		Story: "While no process starts or ends, processes-count is the number of processes that list-all-processes has before and after.",
		Run: func(c *C) {
			for range c.Size(3, 3, 2) {
				c.Gated("child")
			}
			const rounds = 10
			differ := 0
			for range rounds {
				before := c.ListAllProcesses().Primary()
				count := c.ProcessesCount()
				after := c.ListAllProcesses().Primary()
				length := len(entries(before))
				if spec.Equal(sorted(before), sorted(after)) {
					if spec.Eql(count.Primary(), spec.Int(length)) {
						return
					}
					if differ++; differ == rounds {
						c.Expect(count).To(BeEql(length), "%d times in a row the count differed from the length of the list", rounds)
					}
				}
				c.Settle()
			}
			c.Inconclusive("in some of %d rounds other processes came or went", rounds)
		},
	},
	{
		ID:    "PROC-COUNT-2/rises-and-falls",
		Needs: []string{"process-run-function", "processes-count"},
		Story: "Several processes begin and wait: processes-count is that much higher; once they have ended it is as before.",
		Run: func(c *C) {
			quiet := c.ProcessesCount().Primary()
			c.Settle()
			if !spec.Eql(quiet, c.ProcessesCount().Primary()) {
				c.Inconclusive("processes that are not the case's come and go")
			}
			n, _ := quiet.(spec.Int)
			k := c.Size(5, 5, 2)
			var children []*Gated
			for range k {
				children = append(children, c.Gated("child"))
			}
			c.Expect(c.ProcessesCount()).To(BeEql(int(n)+k), "each process that has begun counts")
			for _, child := range children {
				c.Open(child)
			}
			c.Settle()
			c.Until("PROC-COUNT-2", "the processes that ended are no longer counted", func() bool {
				return spec.Eql(c.ProcessesCount().Primary(), quiet)
			})
		},
	},
})

// marksAfter registers, from outside, a form that runs do and then leaves a mark.
func (l *life) marksAfter(what any, at int, do func(p *P)) {
	l.ensure(l.c.Func(func(p *P, _ []spec.Value) any {
		do(p)
		p.LogAppend(l.log, what)
		return nil
	}), priority(at))
}

// inCleanups makes a process that has ended and of which a cleanup waits at the gate.
func (c *C) inCleanups(what string) (child *life, gate spec.Value) {
	child, gate = c.life(what), c.MakeGate().Primary()
	entered := c.Cell(nil)
	child.marksAfter("cleanup", 1, func(p *P) {
		p.CellSet(entered, true)
		p.GateWait(gate)
	})
	c.Open(child.Gated)
	c.AwaitFor("CLEAN-RUN-1", spec.CellIs(entered, true), "the cleanup begins")
	return child, gate
}

// waits makes a process that runs wait, which never ends of itself, and returns it once it
// has begun and had the time to wait.
func (c *C) waits(wait func(p *P)) spec.Value {
	target := c.GatedThen("target", wait)
	c.Open(target)
	c.Settle()
	return target.Process
}

// asks makes a gated process that notes the current process before and after its gate opens.
func (c *C) asks(seen spec.Ref) *Gated {
	l := c.lifeOf("child", func(p *P, _ *life) { p.LogAppend(seen, p.GetCurrentProcess().Primary()) },
		func(p *P, _ *life) { p.LogAppend(seen, p.GetCurrentProcess().Primary()) })
	return l.Gated
}
