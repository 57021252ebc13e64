package cases

import (
	"slices"

	"github.com/mpcheck/mpcheck/spec"
)

var cleanupCases = slices.Concat(cleanupRunCases, cleanupFormCases, cleanupProcessCases, cleanupOrderCases,
	cleanupDuplicateCases, cleanupObjectCases, cleanupPhaseCases)

var (
	cleanupNeeds = []string{"process-run-function", "ensure-process-cleanup"}
	currentNeeds = append([]string{"get-current-process"}, cleanupNeeds...)
	exitNeeds    = append([]string{"current-process-kill"}, cleanupNeeds...)
	killNeeds    = append([]string{"process-kill"}, cleanupNeeds...)
)

// Registration, and when the forms run.
var cleanupRunCases = []Case{
	{
		ID:    "CLEAN-SIG-1/every-subset",
		Needs: currentNeeds,
		Story: "A process registers sixteen forms on itself, one with each ordered selection of the keywords :priority, :force and :process: each runs.",
		Run: func(c *C) {
			all := selections("priority", "force", "process")
			var marks []any
			for i := range all {
				marks = append(marks, i)
			}
			child := c.lifeOf("child", func(p *P, l *life) {
				me := p.GetCurrentProcess().Primary()
				for i, names := range all {
					keys := []any{}
					for _, name := range names {
						keys = append(keys, spec.Key{Name: name, Value: map[string]spec.Value{
							"priority": spec.Int(i), "force": spec.Bool(i%2 == 0), "process": me,
						}[name]})
					}
					p.EnsureProcessCleanup(p.Logger(l.log, i), keys...)
				}
			}, nil)
			log := child.over()
			c.ranOnce(log, "CLEAN-PROC-1", marks[0]) // the one without keywords
			c.ranOnce(log, "CLEAN-SIG-1", marks[1:]...)
		},
	},
	{
		ID:    "CLEAN-REG-1/ensured-often",
		Needs: cleanupNeeds,
		Story: "A process registers one form three times: nothing runs while it lives, and once it has ended the form has run once.",
		Run: func(c *C) {
			child := c.lifeOf("child", func(p *P, l *life) {
				form := p.Logger(l.log, "form")
				for range 3 {
					p.EnsureProcessCleanup(form)
				}
			}, nil)
			c.Settle()
			c.Expect(c.LogRead(child.log)).To(BeNil(), "a registered form does not run before the process ends")
			log := child.over()
			c.Expect(log).For("CLEAN-RUN-1").To(containing("form", 1), "the form runs when the process ends")
			c.Expect(log).NotTo(containing("form", 2), "however often it was ensured, the form is registered once")
		},
	},
	{
		ID:    "CLEAN-RUN-1/return",
		Needs: cleanupNeeds,
		Story: "A process with two cleanups returns from its function: both run.",
		Run:   func(c *C) { twoForms(c, c.life("child")) },
	},
	{
		ID:    "CLEAN-RUN-1/current-process-kill",
		Needs: exitNeeds,
		Story: "A process with two cleanups calls current-process-kill: both run.",
		Run:   func(c *C) { twoForms(c, c.lifeOf("child", nil, killSelf)) },
	},
	{
		ID:    "CLEAN-RUN-1/process-kill",
		Needs: killNeeds,
		Story: "A process with two cleanups is killed by another while it waits: both run.",
		Run: func(c *C) {
			child := c.victim("child")
			c.ranOnce(twoMarks(child.life).overBy(child.kill), "CLEAN-RUN-1", "early", "late")
		},
	},
	{
		ID:    "CLEAN-RUN-1/process-terminate",
		Needs: append([]string{"process-terminate"}, cleanupNeeds...),
		Story: "A process with two cleanups and without a terminate method is terminated while it waits: both run.",
		Run: func(c *C) {
			child := c.victim("child")
			end := func() {
				c.For("PROC-TERM-1").ProcessTerminate(child.Process)
				c.AwaitFor("PROC-TERM-1", child.left, "the terminated process unwinds")
			}
			c.ranOnce(twoMarks(child.life).overBy(end), "CLEAN-RUN-1", "early", "late")
		},
	},
	{
		ID:    "CLEAN-RUN-1/handled-error",
		Needs: cleanupNeeds,
		Story: "The function of a process with two cleanups signals an error, handles it and returns: both run.",
		Run: func(c *C) {
			handled := c.Cell(nil)
			child := c.lifeOf("child", nil, func(p *P, _ *life) {
				p.HandlerCase(p.Code(func(p *P) { p.SignalError("handled") }), p.Code(func(p *P) { p.CellSet(handled, true) }))
			})
			c.ranOnce(twoMarks(child).over(), "CLEAN-RUN-1", "early", "late")
			c.Expect(c.CellGet(handled)).To(BeTrue(), "the error is handled, so that the process returns")
		},
	},
	{
		ID:    "CLEAN-RUN-2/return",
		Needs: cleanupNeeds,
		Story: "After a process has returned its form has run once, and it does not run again.",
		Run:   func(c *C) { onlyOnce(c, c.life("child")) },
	},
	{
		ID:    "CLEAN-RUN-2/current-process-kill",
		Needs: exitNeeds,
		Story: "After a process has called current-process-kill its form has run once, and it does not run again.",
		Run:   func(c *C) { onlyOnce(c, c.lifeOf("child", nil, killSelf)) },
	},
	{
		ID:    "CLEAN-RUN-2/kill-while-returning",
		Needs: killNeeds,
		Story: "A process is killed while its function returns: its form runs once.",
		Run: func(c *C) {
			child := c.life("child")
			child.marks("form", 1)
			log := child.overBy(func() {
				c.Open(child.Gated)
				c.Try().ProcessKill(child.Process) // it may be dead already (PROC-KILL-6)
			})
			c.ranOnce(log, "CLEAN-RUN-1", "form")
		},
	},
	{
		ID:      "CLEAN-RUN-3/end-of-another",
		Needs:   cleanupNeeds,
		Expects: Absence,
		Witness: "the form of the process that ended has run",
		Story:   "Of two processes with a cleanup each one ends: its form runs, that of the other doesn't before the other ends.",
		Run: func(c *C) {
			lives, ends := c.life("lives"), c.life("ends")
			lives.marks("form", 1)
			c.Settle()
			lives.notYet()
			c.Control("the form of the process that ended has run", func() {
				ends.marks("form", 1)
				c.ranOnce(ends.over(), "CLEAN-RUN-1", "form")
			})
			c.Expect(c.LogRead(lives.log)).To(BeNil(), "the end of another process runs no form")
			c.ranOnce(lives.over(), "CLEAN-RUN-1", "form")
		},
	},
	{
		ID:    "CLEAN-RUN-5/unhandled-error",
		Needs: append([]string{"list-all-processes"}, cleanupNeeds...),
		Story: "The function of a process signals an error that nobody handles; if that ends the process, its form runs.",
		Run: func(c *C) {
			child := c.lifeOf("child", nil, func(p *P, _ *life) { p.SignalError("nobody handles this") })
			child.marks("form", 1)
			child.endsByError("CLEAN-RUN-5")
			c.Settle()
			log := c.LogRead(child.log).Primary()
			c.Expect(log).To(containing("form", 1), "the form of a process that an error ended has run")
			c.Expect(log).For("CLEAN-RUN-2").NotTo(containing("form", 2), "the form runs once")
		},
	},
}

func killSelf(p *P, _ *life) { p.CurrentProcessKill() }

func twoMarks(l *life) *life {
	l.marks("late", 2)
	l.marks("early", 1)
	return l
}

func twoForms(c *C, child *life) {
	log := twoMarks(child).over()
	c.ranOnce(log, "CLEAN-RUN-1", "early", "late")
}

func onlyOnce(c *C, child *life) {
	child.marks("form", 1)
	log := child.over()
	c.Expect(log).For("CLEAN-RUN-1").To(containing("form", 1), "the form runs")
	c.Expect(log).NotTo(containing("form", 2), "the form runs once and never again")
}

// selections lists every ordered selection of the names, the empty one first.
func selections(names ...string) [][]string {
	all := [][]string{nil}
	for i, name := range names {
		for _, rest := range selections(slices.Delete(slices.Clone(names), i, i+1)...) {
			all = append(all, append([]string{name}, rest...))
		}
	}
	return all
}
