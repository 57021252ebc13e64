package cases

import (
	"slices"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

var _ = chapter([]Case{
	{
		ID:      "REAP-FN-1/beside-a-command",
		Clauses: []string{"REAP-SEL-2", "REAP-SEL-3", "REAP-SEL-4", "REAP-NOHANG-3", "REAP-ZOMB-5"},
		Needs:   reapNeeds,
		Witness: "the command still runs",
		Story:   "While a process waits for a command another reaps by pid 0, by a group, by the pids of its children and of nobody: the answers are those of waitpid.",
		Run: func(c *C) {
			c.nothingToReap()
			a, b, runs := c.StartChild(), c.StartChild(), c.StartChild()
			group, ok := c.Tell(b, "own-group").Primary().(spec.Int)
			c.Expect(spec.Bool(ok)).To(BeTrue(), "the second child leads a group of its own")
			c.duringCommand(func(command Child) {
				own := c.inGroupOfLisp(a)
				a, b = c.End(a, 2), c.End(b, 3)
				running := c.ReapOsSubprocess(key.Pid(runs.PID), key.Wait(false))
				c.Expect(spec.Bool(spec.Truth(running.Primary()) && !spec.Eql(running.Nth(1), runs.PID))).For("REAP-SEL-3").NotTo(BeTrue(), "only the child with that pid is considered")
				c.Expect(running).For("REAP-NOHANG-3").To(ReturnFirst(nil, runs.PID), "the child runs")
				c.Ignores("REAP-NONE-2", key.Pid(unusedPID), key.Wait(false))
				if own {
					c.Reports("REAP-SEL-2", []Child{a}, key.Pid(0), key.Wait(false))
				} else {
					c.Reports("REAP-SEL-3", []Child{a}, key.Pid(a.PID), key.Wait(false))
				}
				c.Reports("REAP-SEL-4", []Child{b}, key.Pid(-group), key.Wait(false))
				c.Ignores("REAP-SEL-4", key.Pid(-group), key.Wait(false))
				c.Considers(-1, key.Pid(-1))
				if c.stateOf(command.PID) == spec.Keyword("alive") {
					c.Step("the command still runs")
				}
			})
			runs = c.End(runs, 4)
			c.Reports("REAP-SEL-3", []Child{runs}, key.Pid(runs.PID), key.Wait(false))
			c.NoneLeft()
		},
	},
	{
		ID:      "REAP-FN-1/waitpid",
		Needs:   reapNeeds,
		Witness: "every row of the table was met",
		Story:   "Children start, move to groups of their own and end as it happens; whatever is asked in between, the answer is that of waitpid.",
		Run: func(c *C) {
			c.nothingToReap()
			w := &waitpid{C: c, rows: map[string]bool{}}
			for range c.Size(40, 25, 3) {
				w.step()
			}
			// What chance has left out.
			w.start()
			w.ask(w.left[len(w.left)-1].PID, false)
			for len(w.left) > 0 {
				w.end(0)
				w.ask(w.left[0].PID, true)
			}
			w.ask(spec.Int(-1), true)
			if w.rows["ended"] && w.rows["running"] && w.rows["none"] {
				c.Step("every row of the table was met")
			}
		},
	},
})

// waitpid is what a plain call of waitpid(2) would answer: the states and groups of the
// children are read from the operating system, and the table of the header applied.
type waitpid struct {
	*C
	left []Child // not reaped
	gone []Child
	// elsewhere are those that have ended in another process group than the Lisp's: of one that is
	// reaped nobody can tell.
	elsewhere []spec.Value
	rows      map[string]bool
}

// step does something that the seed chooses.
func (w *waitpid) step() {
	n := len(w.left)
	switch choice := spec.Pick(w.choices, 6); {
	case n == 0 || choice == 0 && n < 6:
		w.start()
	case choice == 1:
		w.end(spec.Pick(w.choices, n))
	case choice == 2:
		if child := w.left[spec.Pick(w.choices, n)]; w.stateOf(child.PID) == spec.Keyword("alive") {
			w.Tell(child, "own-group")
		}
	default:
		pids := []spec.Value{spec.Int(-1), spec.Int(0)}
		for _, child := range slices.Concat(w.left, w.gone) {
			pids = append(pids, child.PID)
		}
		w.ask(pids[spec.Pick(w.choices, len(pids))], spec.Pick(w.choices, 2) == 0)
	}
}

func (w *waitpid) start() { w.left = append(w.left, w.StartChild()) }

func (w *waitpid) end(i int) {
	if child := w.left[i]; w.stateOf(child.PID) == spec.Keyword("alive") {
		if !w.inGroupOfLisp(child) {
			w.elsewhere = append(w.elsewhere, child.PID)
		}
		w.left[i] = w.End(child, 20+len(w.left)+len(w.gone))
	}
}

// inOwnGroup tells whether a child is in the Lisp's own process group, or was when it ended.
func (w *waitpid) inOwnGroup(child Child) bool {
	if child.Code != 0 {
		return !slices.ContainsFunc(w.elsewhere, func(pid spec.Value) bool { return spec.Eql(pid, child.PID) })
	}
	return w.inGroupOfLisp(child)
}

// ask reaps, without waiting where the call would have to, and compares.
func (w *waitpid) ask(pid spec.Value, wait bool) {
	var ended []Child
	running := false
	for _, child := range w.left {
		switch {
		case spec.Eql(pid, spec.Int(0)) && !w.inOwnGroup(child), pid.(spec.Int) > 0 && !spec.Eql(pid, child.PID):
		case child.Code != 0: // it was told to end, and has
			ended = append(ended, child)
		default:
			running = true
		}
	}
	wait = wait && (len(ended) > 0 || !running)
	answer := w.ReapOsSubprocess(key.Pid(pid), key.Wait(wait))
	switch {
	case len(ended) > 0:
		w.rows["ended"] = true
		clause := "REAP-FN-1"
		for _, child := range ended {
			clause = child.unlessLost(clause)
		}
		w.Expect(answer.Nth(1)).For(clause).To(beOneOf(ended), "waitpid would report a child that has ended")
		for _, child := range ended {
			if spec.Eql(answer.Nth(1), child.PID) {
				w.Expect(answer).To(BeExitStatus(child.Code), "waitpid would report its status")
				w.left, w.gone = without(w.left, child), append(w.gone, child)
			}
		}
	case running:
		w.rows["running"] = true
		w.Expect(answer).To(ReturnFirst(nil, pid), "waitpid would say that considered children run and none has ended")
	default:
		w.rows["none"] = true
		w.Expect(answer).To(ReturnFirst(nil, nil), "waitpid would say that there is no considered child")
	}
}
