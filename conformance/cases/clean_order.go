package cases

import (
	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// The order in which forms run.
var _ = chapter([]Case{
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
})

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
