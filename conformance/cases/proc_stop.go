package cases

import "github.com/mpcheck/mpcheck/spec"

// process-stop and process-unstop.
var _ = chapter([]Case{
	{
		ID:      "PROC-STOP-1/goes-on",
		Needs:   []string{"process-run-function", "process-stop", "process-unstop"},
		Story:   "A process that is stopped does nothing until it is unstopped, which answers t; then it goes on with what it was about.",
		Witness: echoStep,
		Run: func(c *C) {
			e := c.stoppedOnce(c.echo())
			e.answers(e.next)
		},
	},
	{
		ID:      "PROC-STOP-1/killed",
		Needs:   []string{"process-run-function", "process-stop", "process-kill"},
		Story:   "A stopped process that is killed is stopped no more: the form of its unwind-protect runs, as in one that is not stopped.",
		Witness: echoStep,
		Run: func(c *C) {
			c.victim("other").kill()
			c.lull()
			e := c.echo()
			e.halt(2 * settleSeconds)
			c.For("PROC-STOP-1").ProcessKill(e.process)
			c.AwaitFor("PROC-STOP-1", spec.CellIs(e.unwound, true), "a stopped process that is killed unwinds")
		},
	},
	{
		ID:      "PROC-STOP-1/never-stopped",
		Needs:   []string{"process-run-function", "process-stop", "process-unstop"},
		Story:   "process-unstop answers nil for a process that was never stopped, and for one that was unstopped already, where it answers t for one that is stopped.",
		Witness: "process-unstop answers t for a process that is stopped",
		Run: func(c *C) {
			e := c.echo()
			c.Expect(c.ProcessUnstop(e.process)).To(BeNil(), "a process that was never stopped was not stopped")
			e.answers(1)
			c.Control("process-unstop answers t for a process that is stopped", func() { e = c.stoppedOnce(e) })
			c.Expect(c.ProcessUnstop(e.process)).To(BeNil(), "a process that was unstopped is not stopped any more")
		},
	},
})

const echoStep = "the process answers before it is stopped"

// An echo is a process that answers each number that it is asked with that number, until it is killed.
type echo struct {
	c             *C
	process       spec.Value
	asked, answer spec.Ref
	unwound       spec.Ref
	next          int
}

func (c *C) echo() *echo {
	e := &echo{c: c, asked: c.Cell(0), answer: c.Cell(0), unwound: c.Cell(nil)}
	e.process = c.Spawn("echo", func(p *P) {
		p.UnwindProtect(p.Code(func(p *P) {
			for {
				p.Await(spec.CellNot(e.asked, p.CellGet(e.answer).Primary()), nil)
				p.CellSet(e.answer, p.CellGet(e.asked).Primary())
			}
		}), p.Code(func(p *P) { p.CellSet(e.unwound, true) }))
	})
	c.Control(echoStep, func() { e.answers(1) })
	return e
}

// answers asks a number, which the process must answer.
func (e *echo) answers(n int) {
	e.c.CellSet(e.asked, n)
	e.next = n + 1
	e.c.AwaitFor("PROC-CREATE-1", spec.CellIs(e.answer, n), "the process goes on")
}

// stoppedOnce is an echo, e or another, that was stopped, was unstopped, which answered t, and has gone on.
//
// Nothing tells that a process is stopped but that it is silent. It may be slow, or have yet to stop: then
// process-unstop may answer nil, and what was asked may still happen, or not (PROC-STOP-1). Such a one is left
// alone, and another is stopped and unstopped after a longer silence.
func (c *C) stoppedOnce(e *echo) *echo {
	for quiet := 2 * settleSeconds; ; quiet, e = quiet*2.5, c.echo() {
		last := e.halt(quiet)
		unstopped := c.ProcessUnstop(e.process)
		if !spec.Truth(unstopped.Primary()) && c.handshake.Clock == spec.Real && quiet < c.watchdog/3 {
			continue
		}
		c.Expect(unstopped).To(BeTrue(), "process-unstop answers t for a process that was stopped, and has done nothing since")
		c.AwaitFor("PROC-STOP-1", spec.CellIs(e.answer, last), "a process that was unstopped goes on")
		return e
	}
}

// halt stops the process and returns the number that it was asked and has not answered within so many seconds. The
// stop may happen after the call has returned (PROC-STOP-1): until then it answers.
func (e *echo) halt(quiet float64) (last int) {
	e.c.ProcessStop(e.process)
	e.c.Until("PROC-STOP-1", "the process is stopped, and answers no more", func() bool {
		last, e.next = e.next, e.next+1
		e.c.CellSet(e.asked, last)
		return !spec.Truth(e.c.Await(spec.CellIs(e.answer, last), quiet).Primary())
	})
	return last
}
