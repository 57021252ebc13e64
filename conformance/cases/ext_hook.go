package cases

import (
	"slices"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// hookNeeds: a host without status hooks is not asked about them.
var hookNeeds = append([]string{"start :status-hook"}, startNeeds...)

var _ = chapter([]Case{
	{
		ID:    "EXT-HOOK-1/ends",
		Needs: hookNeeds,
		Story: "A program exits, another is killed: the hook of each is called, where somebody asks for the status at the latest.",
		Run: func(c *C) {
			exit, exitLog := c.hooked()
			kill, killLog := c.hooked()
			c.Tell(exit.Child, "exit", 7)
			c.ShowsExit(exit, 7)
			c.calledFor(exit, exitLog)
			c.Tell(kill.Child, "kill", sigkill)
			c.ShowsSignal(kill, sigkill)
			c.calledFor(kill, killLog)
		},
	},
	{
		ID:      "EXT-HOOK-2/argument",
		Clauses: []string{"EXT-HOOK-1"},
		Needs:   hookNeeds,
		Story:   "Two programs have one hook: it gets the process whose status has changed, and only that, each time.",
		Run: func(c *C) {
			log := c.Log()
			hook := c.Hook(func(p *P, args []spec.Value) { p.LogAppend(log, spec.NewList(args...)) })
			var all []Program
			for _, code := range []int{3, 5} {
				program := c.Starts(c.Prepared(), nil, apart(key.StatusHook(hook))...)
				c.Tell(program.Child, "exit", code)
				c.ShowsExit(program, code)
				all = append(all, program)
				c.Until("EXT-HOOK-1", "the hook is called for each program", func() bool {
					c.statusOf(program)
					calls := c.entriesOf(log)
					for _, call := range calls {
						c.Expect(spec.Int(len(entries(call)))).To(BeEql(1), "the hook gets one argument")
						one := nth(entries(call), 0)
						c.Expect(spec.Bool(spec.Eql(one, all[0].Process) || spec.Eql(one, all[len(all)-1].Process))).To(BeTrue(), "the argument is what start has returned")
					}
					return slices.ContainsFunc(calls, func(call spec.Value) bool { return isIn(program.Process, call) })
				})
			}
		},
	},
	{
		ID:      "EXT-HOOK-3/status",
		Clauses: []string{"EXT-HOOK-1", "EXT-STAT-8"},
		Needs:   hookNeeds,
		Story:   "A program exits with 3: the hook is called at a time when process-status shows just that, and it stays so.",
		Run: func(c *C) {
			program, log := c.hooked()
			c.Tell(program.Child, "exit", 3)
			c.ShowsExit(program, 3)
			c.showsInHook(program, log, exited, 3)
			c.Settle()
			for range c.Size(10, 5, 2) {
				c.Expect(c.statusOf(program)).For("EXT-STAT-8").To(ReturnFirst(exited, 3), "the status of a process that has ended stays the same")
			}
		},
	},
	{
		ID:      "EXT-HOOK-3/killed",
		Clauses: []string{"EXT-HOOK-1"},
		Needs:   hookNeeds,
		Story:   "A program is killed while another runs and a third has ended: the hook is called at a time when process-status shows the signal.",
		Run: func(c *C) {
			program, log := c.hooked()
			other, otherLog := c.hooked()
			if c.Size(1, 1, 0) > 0 { // a third multiplies the schedules of a search
				c.ShowsExit(c.Started(exits(5)), 5)
			}
			c.Tell(program.Child, "kill", sigkill)
			c.ShowsSignal(program, sigkill)
			c.showsInHook(program, log, signaled, sigkill)
			c.Expect(c.statusOf(other)).For("EXT-STAT-2").To(BeEql(running), "a process that is executing is :running")
			c.Tell(other.Child, "exit", 7)
			c.ShowsExit(other, 7)
			c.showsInHook(other, otherLog, exited, 7)
		},
	},
	{
		ID:    "EXT-HOOK-4/who-and-when",
		Needs: hookNeeds,
		Story: "Whose code the hook is, and whether it is called though nobody asks for the status, is recorded.",
		Run: func(c *C) {
			log, self := c.Log(), c.itself()
			hook := c.Hook(func(p *P, _ []spec.Value) { p.LogAppend(log, p.itself() == self) })
			program := c.Starts(c.Prepared(), nil, apart(key.StatusHook(hook))...)
			c.Tell(program.Child, "exit", 7)
			c.ChildAwait(program.ref, spec.Keyword("ended"))
			c.Settle()
			if len(c.entriesOf(log)) > 0 {
				c.Observe("EXT-HOOK-4", "called-unasked")
			} else {
				c.Observe("EXT-HOOK-4", "called-in-status-query")
			}
			c.ShowsExit(program, 7)
			for _, mine := range c.calledFor(program, log) {
				if spec.Truth(mine) {
					c.Observe("EXT-HOOK-4", "in-asking-process")
				} else {
					c.Observe("EXT-HOOK-4", "in-another-process")
				}
			}
		},
	},
	{
		ID:      "EXT-HOOK-5/changes",
		Clauses: []string{"EXT-HOOK-1", "EXT-HOOK-3"},
		Needs:   hookNeeds,
		Story:   "A program is stopped, goes on and is killed, and is asked for its status in between: the hook is called at a time when process-status shows the signal; how often else is recorded.",
		Run: func(c *C) {
			program, log := c.hooked()
			ask := func() {
				for range c.Size(10, 10, 3) {
					c.statusOf(program)
					c.Pause(settleSeconds / 10)
				}
			}
			ask()
			if len(c.entriesOf(log)) > 0 {
				c.Observe("EXT-HOOK-5", "call-for-start")
			}
			c.Tell(program.Child, "kill", sigstop)
			c.ChildAwait(program.ref, spec.Keyword("stopped"))
			ask()
			stops := len(c.entriesOf(log))
			if stops == 0 {
				c.Observe("EXT-HOOK-5", "no-call-for-stop")
			}
			c.Tell(program.Child, "kill", sigcont)
			ask()
			before := len(c.entriesOf(log))
			if before == stops {
				c.Observe("EXT-HOOK-5", "no-call-for-continue")
			}
			c.Tell(program.Child, "kill", sigkill)
			c.ShowsSignal(program, sigkill)
			c.Until("EXT-HOOK-1", "the hook is called when the program has ended", func() bool {
				c.statusOf(program)
				return len(c.entriesOf(log)) > before
			})
			c.showsInHook(program, log, signaled, sigkill)
			if calls := c.entriesOf(log); len(calls) == 3 && stops == 1 {
				c.Observe("EXT-HOOK-5", "one-call-per-change")
			}
		},
	},
	{
		ID:      "EXT-HOOK-6/afterwards",
		Clauses: []string{"EXT-HOOK-1"},
		Needs:   hookNeeds,
		Story:   "Whether the hook is called again after the end was shown to it, when somebody goes on asking, is recorded.",
		Run: func(c *C) {
			program, log := c.hooked()
			c.Tell(program.Child, "exit", 7)
			c.ShowsExit(program, 7)
			c.showsInHook(program, log, exited, 7)
			c.Settle()
			before := len(c.entriesOf(log))
			for range c.Size(10, 10, 2) {
				c.Expect(c.statusOf(program)).For("EXT-STAT-8").To(ReturnFirst(exited, 7), "the status of a process that has ended stays the same")
				c.lull()
			}
			if len(c.entriesOf(log)) == before {
				c.Observe("EXT-HOOK-6", "no-further-calls")
			} else {
				c.Observe("EXT-HOOK-6", "final-status-repeated")
			}
		},
	},
	{
		ID:      "EXT-HOOK-7/early",
		Clauses: []string{"EXT-HOOK-1"},
		Needs:   hookNeeds,
		Story:   "A program ends as soon as it runs: whether its hook is called before start has returned is recorded.",
		Run: func(c *C) {
			returned, log := c.Cell(nil), c.Log()
			hook := c.Hook(func(p *P, _ []spec.Value) { p.LogAppend(log, p.CellGet(returned).Primary()) })
			program := c.Prepared(exits(7))
			r := c.For("EXT-START-1").Try().Start(program.Path, nil, apart(key.StatusHook(hook))...)
			c.Expect(r).For("EXT-HOOK-1").NotTo(SignalError(), "start takes a status hook")
			c.CellSet(returned, true)
			program.Process = r.Primary()
			c.Expect(r).For("EXT-START-1").To(BeTrue(), "start returns a process object")
			c.ShowsExit(c.isThere(program, "EXT-START-1", spec.NewCall("start", nil, program.Path, nil)), 7)
			if calls := c.calledFor(program, log); spec.Truth(calls[0]) {
				c.Observe("EXT-HOOK-7", "called-after-start-returns")
			} else {
				c.Observe("EXT-HOOK-7", "called-before-start-returns")
			}
		},
	},
	{
		ID:    "EXT-HOOK-7/error",
		Needs: hookNeeds,
		Story: "Whether an error in the hook reaches who starts the program, or asks for its status, is recorded; the status is what it is.",
		Run: func(c *C) {
			begun, reached := c.Cell(nil), c.Cell(nil)
			program := c.Prepared()
			hook := c.Hook(func(p *P, _ []spec.Value) {
				p.CellSet(begun, true)
				p.SignalError("a hook fails")
			})
			program = c.Starts(program, nil, apart(key.StatusHook(hook))...)
			c.Tell(program.Child, "exit", 7)
			c.ChildAwait(program.ref, spec.Keyword("ended"))
			handler := c.Code(func(p *P) { p.CellSet(reached, true) })
			c.Until("EXT-HOOK-1", "the hook is called when the program has ended", func() bool {
				c.HandlerCase(c.Code(func(p *P) { p.statusOf(program) }), handler)
				return spec.Truth(c.CellGet(begun).Primary())
			})
			if spec.Truth(c.CellGet(reached).Primary()) {
				c.Observe("EXT-HOOK-7", "hook-error-reaches-caller")
			} else {
				c.Observe("EXT-HOOK-7", "hook-error-kept-away")
			}
		},
	},
	{
		ID:    "EXT-HOOK-7/none",
		Needs: hookNeeds,
		Story: "Whether nil as the hook is none is recorded.",
		Run: func(c *C) {
			program := c.Prepared()
			r := c.Try().Start(program.Path, nil, apart(key.StatusHook(nil))...)
			if r.Status == spec.Signalled {
				c.Observe("EXT-HOOK-7", spec.Other)
				return
			}
			program.Process = r.Primary()
			program = c.isThere(program, "EXT-START-1", spec.NewCall("start", nil, program.Path, nil))
			c.Tell(program.Child, "exit", 7)
			c.ShowsExit(program, 7)
			c.Observe("EXT-HOOK-7", "nil-is-no-hook")
		},
	},
})

// itself is the process whose code this is; zero where that is a foreign thread.
func (p *P) itself() spec.Ref { return p.Frame.(checked).process() }

// hooked starts a program whose hook notes in a log its argument, and what process-status shows of that when it is called.
func (c *C) hooked() (Program, spec.Ref) {
	log := c.Log()
	hook := c.Hook(func(p *P, args []spec.Value) {
		status := p.Try().For("EXT-HOOK-3").ProcessStatus(nth(args, 0))
		p.LogAppend(log, spec.NewList(nth(args, 0), status.Nth(0), status.Nth(1)))
	})
	return c.Starts(c.Prepared(), nil, apart(key.StatusHook(hook))...), log
}

func (p *P) entriesOf(log spec.Ref) []spec.Value { return entries(p.LogRead(log).Primary()) }

// calledFor waits until the hook of a program that has ended has been called, and returns what it has noted.
func (p *P) calledFor(program Program, log spec.Ref) (calls []spec.Value) {
	p.Until("EXT-HOOK-1", "the hook is called when the program has ended", func() bool {
		p.statusOf(program)
		calls = p.entriesOf(log)
		return len(calls) > 0
	})
	return calls
}

// showsInHook waits until the hook of a program that has ended was called while process-status showed an end, and expects this end.
func (p *P) showsInHook(program Program, log spec.Ref, status spec.Value, code int) {
	p.calledFor(program, log)
	var end spec.Value
	p.Until("EXT-HOOK-3", "the hook is called while process-status shows the end", func() bool {
		p.statusOf(program)
		for _, call := range p.entriesOf(log) {
			p.Expect(nth(entries(call), 0)).For("EXT-HOOK-2").To(BeEql(program.Process), "the argument is what start has returned")
			if first := nth(entries(call), 1); first == exited || first == signaled {
				end = spec.NewList(entries(call)[1:]...)
			}
		}
		return end != nil
	})
	p.Expect(end).For("EXT-HOOK-3").To(BeEqual(spec.NewList(status, spec.Int(code))), "at the time of the call process-status shows what the change has led to")
}
