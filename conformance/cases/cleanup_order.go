package cases

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// Priorities, and the order in which forms run.
var cleanupOrderCases = []Case{
	{
		ID:      "CLEAN-PRI-1/whole-range",
		Clauses: []string{"CLEAN-ORDER-1"},
		Needs:   cleanupNeeds,
		Story:   "Forms of the priorities -1000000, -1, 0, 699999, 700000, 900000 and 1000000 are accepted and run in that order.",
		Run: func(c *C) {
			priorities := []any{-1000000, -1, 0, 699999, 700000, 900000, 1000000}
			child := c.life("child")
			for _, at := range Shuffled(c, append([]any{}, priorities...)...) {
				child.marks(at, at.(int))
			}
			c.Open(child.Gated)
			// A sentinel would not be the last: the seven entries themselves are awaited.
			c.Until("CLEAN-RUN-1", "the forms begin to run", func() bool { return len(entries(c.LogRead(child.log).Primary())) > 0 })
			c.Until("CLEAN-PRI-1", "each of the seven forms runs", func() bool {
				return len(entries(c.LogRead(child.log).Primary())) >= len(priorities)
			})
			c.Settle()
			log := c.LogRead(child.log).Primary()
			c.Expect(sorted(log)).To(BeEqual(sorted(list(priorities...))), "each form runs once, whatever its priority")
			c.Expect(log).For("CLEAN-ORDER-1").To(BeEqual(list(priorities...)), "forms run in ascending priority")
		},
	},
	{
		ID:    "CLEAN-PRI-2/out-of-range",
		Needs: cleanupNeeds,
		Story: "A form is registered with the priority 1000001: whether that is refused is recorded.",
		Run:   func(c *C) { doubtfulPriority(c, 1000001, "out-of-range") },
	},
	{
		ID:    "CLEAN-PRI-2/ratio",
		Needs: cleanupNeeds,
		Story: "A form is registered with the priority 1/2: whether that is refused is recorded.",
		Run:   func(c *C) { doubtfulPriority(c, spec.NewRatio(1, 2), "non-integer") },
	},
	{
		ID:    "CLEAN-PRI-2/keyword",
		Needs: cleanupNeeds,
		Story: "A form is registered with a keyword as priority: whether that is refused is recorded.",
		Run:   func(c *C) { doubtfulPriority(c, spec.Keyword("high"), "non-integer") },
	},
	{
		ID:    "CLEAN-PRI-3/between",
		Needs: cleanupNeeds,
		Story: "A form registered without :priority runs after one at -1 and before one at 1.",
		Run: func(c *C) {
			child := c.lifeOf("child", func(p *P, l *life) {
				p.EnsureProcessCleanup(p.Logger(l.log, "at 1"), key.Priority(1))
				p.EnsureProcessCleanup(p.Logger(l.log, "default"))
				p.For("CLEAN-PRI-1").EnsureProcessCleanup(p.Logger(l.log, "at -2"), key.Priority(-2))
				p.For("CLEAN-PRI-1").EnsureProcessCleanup(p.Logger(l.log, "at -1"), key.Priority(-1))
				p.EnsureProcessCleanup(p.Logger(l.log, "at 2"), key.Priority(2))
			}, nil)
			log := child.over()
			c.Expect(log).For("CLEAN-RUN-1").To(containing("default", 1), "the form registered without :priority runs")
			c.ranInOrder(log, "default", "at -2", "at -1", "default", "at 1", "at 2")
		},
	},
	{
		ID:      "CLEAN-PRI-3/same-as-zero",
		Clauses: []string{"CLEAN-DUP-3"},
		Needs:   cleanupNeeds,
		Story:   "A form is registered without :priority and again with :priority 0: the second call returns nil, and the form runs once.",
		Run: func(c *C) {
			child := c.lifeOf("child", func(p *P, l *life) {
				form := p.Logger(l.log, "form")
				p.EnsureProcessCleanup(form)
				again := p.Try().EnsureProcessCleanup(form, key.Priority(0))
				p.Expect(again).NotTo(SignalError(), "0 is the priority that the form already has")
				p.Expect(again).For("CLEAN-DUP-3").To(BeNil(), "a registration that changes nothing returns nil")
			}, nil)
			c.expectOne(child.over(), "CLEAN-DUP-3")
		},
	},
	{
		ID:    "CLEAN-ORDER-1/shuffled",
		Needs: cleanupNeeds,
		Story: "Forms of six priorities, some of them negative, are registered in several shuffled orders, some from outside: they run in ascending priority.",
		Run: func(c *C) {
			for range c.Size(3, 3, 1) {
				inside := Shuffled(c, -2, 9, 100)
				child := c.lifeOf("child", func(p *P, l *life) {
					for _, at := range inside {
						p.For("CLEAN-PRI-1").EnsureProcessCleanup(p.Logger(l.log, at), key.Priority(at))
					}
				}, nil)
				for _, at := range Shuffled(c, 10, -10, 0) {
					child.marks(at, at)
				}
				log := child.over()
				c.ranOnce(log, "CLEAN-RUN-1", -10, 0, 100)
				c.Expect(log).To(BeEqual(list(-10, -2, 0, 9, 10, 100)), "forms run in ascending priority, in whatever order they were registered")
			}
		},
	},
	{
		ID:    "CLEAN-ORDER-1/descending-registration",
		Needs: cleanupNeeds,
		Story: "Forms registered from the highest priority to the lowest, and then from the lowest to the highest, run in ascending priority.",
		Run: func(c *C) {
			for _, order := range [][]int{{3, 2, 1}, {1, 2, 3}} {
				child := c.life("child")
				for _, at := range order {
					child.marks(at, at)
				}
				c.Expect(child.over()).To(BeEqual(list(1, 2, 3)), "forms run in ascending priority")
			}
		},
	},
	{
		ID:    "CLEAN-ORDER-2/equal-priorities",
		Needs: cleanupNeeds,
		Story: "Three forms of one priority run in an order that is recorded.",
		Run: func(c *C) {
			child := c.life("child")
			for i := range 3 {
				child.marks(i, 1)
			}
			log := child.over()
			c.ranOnce(log, "CLEAN-RUN-1", 0, 1, 2)
			c.Observe("CLEAN-ORDER-2", orderOfThree(log, "registration-order", "reverse-registration-order", "another-order"))
		},
	},
	{
		ID:    "CLEAN-ORDER-4/one-waits",
		Needs: cleanupNeeds,
		Story: "While the form of priority 1 waits at a gate the one of priority 2 does not begin; then it runs.",
		Run: func(c *C) {
			child, entered, gate := c.life("child"), c.Cell(nil), c.MakeGate().Primary()
			child.ensure(c.Func(func(p *P, _ []spec.Value) any {
				p.LogAppend(child.log, "enter first")
				p.CellSet(entered, true)
				p.GateWait(gate)
				p.LogAppend(child.log, "leave first")
				return nil
			}), key.Priority(1))
			child.ensure(c.Func(func(p *P, _ []spec.Value) any {
				p.LogAppend(child.log, "enter second")
				p.LogAppend(child.log, "leave second")
				return nil
			}), key.Priority(2))
			log := child.overBy(func() {
				c.Open(child.Gated)
				c.AwaitFor("CLEAN-RUN-1", spec.CellIs(entered, true), "the first form begins")
				c.Settle()
				log := c.LogRead(child.log).Primary()
				c.Expect(entries(log)[0]).For("CLEAN-ORDER-1").To(BeEqual("enter first"), "the form of the lower priority begins first")
				c.Expect(log).NotTo(containing("enter second", 1), "the second form does not begin while the first runs")
				c.GateOpen(gate)
			})
			c.ranOnce(log, "CLEAN-RUN-1", "leave first", "leave second")
			c.Expect(log).To(BeEqual(list("enter first", "leave first", "enter second", "leave second")),
				"the second form runs after the first")
		},
	},
}

// doubtfulPriority records whether a priority is refused; what was registered rightly runs.
func doubtfulPriority(c *C, priority any, what string) {
	child := c.life("child")
	r := c.Try().EnsureProcessCleanup(c.Logger(child.log, "doubtful"), key.Priority(priority), of(child.Process))
	if r.Status == spec.Signalled {
		c.Observe("CLEAN-PRI-2", what+"-error")
		child.marks("other", 1)
		c.ranOnce(child.over(), "CLEAN-RUN-1", "other")
		return
	}
	c.Observe("CLEAN-PRI-2", what+"-accepted")
	child.settled()
}

// orderOfThree says which order a log of 0, 1 and 2 shows.
func orderOfThree(log spec.Value, same, reverse, other string) string {
	switch {
	case spec.Equal(log, list(0, 1, 2)):
		return same
	case spec.Equal(log, list(2, 1, 0)):
		return reverse
	}
	return other
}

// expectOne checks that a log holds "form" once: not at all is charged to CLEAN-RUN-1.
func (c *C) expectOne(log spec.Value, clause string) {
	c.Expect(log).For("CLEAN-RUN-1").To(containing("form", 1), "the form runs")
	c.Expect(log).For(clause).NotTo(containing("form", 2), "the form is registered once")
}
