package cases

import (
	"slices"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

var reapFunctionCases = []Case{
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
	{
		ID:    "REAP-DEP-1/twice",
		Needs: reapNeeds,
		Story: "The same happens twice - no child, one that runs, one that has ended, none again - and the answers are of the same kind.",
		Run: func(c *C) {
			c.nothingToReap()
			asked := c.For("REAP-NOHANG-4").Try()
			ended := Child{}
			scene := func() []string {
				kinds := []string{kindOf(asked.ReapOsSubprocess(key.Wait(false)))}
				child := c.StartChild()
				kinds = append(kinds, kindOf(asked.ReapOsSubprocess(key.Pid(child.PID), key.Wait(false))))
				child = c.End(child, 7)
				ended = child
				kinds = append(kinds, kindOf(asked.ReapOsSubprocess(key.Pid(child.PID), key.Wait(false))))
				return append(kinds, kindOf(asked.ReapOsSubprocess(key.Pid(child.PID), key.Wait(false))))
			}
			first, second := scene(), scene()
			for i, moment := range []string{"without a child", "while one runs", "when it has ended", "after its report"} {
				c.Expect(spec.String(second[i])).To(BeEqual(first[i]), "%s the answer is the second time as the first", moment)
			}
			c.Expect(spec.String(first[1])).For("REAP-NOHANG-3").To(BeEqual("nil and an integer"), "while a child runs the answer is nil and the pid argument")
			c.Expect(spec.String(first[2])).For(ended.unlessLost("REAP-EXIT-1")).To(BeEqual("two integers"), "a child that has ended is reported")
		},
	},
	{
		ID:    "REAP-CONC-1/ended",
		Needs: reapNeeds,
		Story: "Two processes reap at once until nothing is left: no child is reported to both.",
		Run: func(c *C) {
			c.nothingToReap()
			var all []Child
			for i := range c.Size(50, 50, 1) {
				all = append(all, c.Ended(1+i))
			}
			bothReap(c, func(p *P) {
				for range len(all) + 1 {
					answer := p.ReapOsSubprocess(key.Wait(false))
					if !spec.Truth(answer.Primary()) {
						return
					}
					p.c.Ledger.Add("reported", answer.Nth(1))
				}
			})
			reportedOnce(c, "REAP-DEF-1", all)
		},
	},
	{
		ID:      "REAP-CONC-1/one-for-two",
		Needs:   reapNeeds,
		Witness: "one caller has reaped the child",
		Story:   "Two processes wait for the same child, by its pid and for any, and it ends after a while: one gets it, what the other gets is recorded, and both calls return.",
		Run: func(c *C) {
			c.nothingToReap()
			var all []Child
			for _, any := range []bool{false, true}[:c.Size(2, 2, 1)] {
				child := c.LeavesAfter(2*settleSeconds, c.StartChild(), 7) // told before anybody waits
				all = append(all, child)
				pid := spec.Value(spec.Int(-1))
				if !any {
					pid = child.PID
				}
				one, other := c.toWait(key.Pid(pid)), c.toWait(key.Pid(pid))
				other.begins(2, nil)
				one.begins(1, nil)
				for _, w := range []*waiting{one, other} {
					switch answer := entries(w.returns("REAP-NONE-1")); {
					case spec.Truth(nth(answer, 0)):
						c.Ledger.Add("reported", nth(answer, 1))
					case len(answer) == 2 && !spec.Truth(nth(answer, 1)):
						c.Observe("REAP-CONC-1", "late-caller-gets-nil-nil")
					default:
						c.Observe("REAP-CONC-1", spec.Other)
					}
				}
			}
			reportedOnce(c, "REAP-WAIT-1", all)
			c.Step("one caller has reaped the child")
		},
	},
	{
		ID:    "REAP-ARG-1/odd-pid",
		Needs: reapNeeds,
		Story: "What becomes of a pid that is no integer is recorded.",
		Run: func(c *C) {
			c.nothingToReap()
			c.Ended(7)
			for _, pid := range []spec.Value{spec.String("1"), spec.Keyword("all")} {
				if c.Try().ReapOsSubprocess(key.Pid(pid), key.Wait(false)).Status == spec.Signalled {
					c.Observe("REAP-ARG-1", "bad-pid-error")
				} else {
					c.Observe("REAP-ARG-1", spec.Other)
				}
			}
		},
	},
	{
		ID:    "REAP-ARG-1/odd-wait",
		Needs: reapNeeds,
		Story: "What becomes of a wait that is neither t nor nil, while a child runs, is recorded.",
		Run: func(c *C) {
			c.nothingToReap()
			child := c.Leaves(c.StartChild(), 7)
			answer := c.Try().ReapOsSubprocess(key.Pid(child.PID), key.Wait(spec.Keyword("perhaps")))
			switch {
			case answer.Status == spec.Signalled:
				c.Observe("REAP-ARG-1", "odd-wait-error")
			case spec.Truth(answer.Primary()):
				c.Observe("REAP-ARG-1", "odd-wait-as-true")
			default:
				c.Observe("REAP-ARG-1", spec.Other)
			}
		},
	},
}

// kindOf says of what kind an answer is.
func kindOf(r spec.Return) string {
	_, status := r.Nth(0).(spec.Int)
	_, pid := r.Nth(1).(spec.Int)
	switch {
	case r.Status == spec.Signalled:
		return "an error"
	case status && pid:
		return "two integers"
	case !spec.Truth(r.Nth(0)) && pid:
		return "nil and an integer"
	case !spec.Truth(r.Nth(0)) && !spec.Truth(r.Nth(1)):
		return "nil and nil"
	}
	return r.String()
}

// bothReap has another process run code at the same time as this one.
func bothReap(c *C, code func(p *P)) {
	begun, done := c.Cell(nil), c.Cell(nil)
	c.Spawn("reaper", func(p *P) {
		p.CellSet(begun, true)
		code(p.For("REAP-NONE-1"))
		p.CellSet(done, true)
	})
	c.AwaitFor("PROC-CREATE-1", spec.CellIs(begun, true), "the other process begins")
	code(c.For("REAP-NONE-1"))
	c.AwaitFor("REAP-NONE-1", spec.CellIs(done, true), "every call returns once no child is left")
}

// reportedOnce looks into the ledger: each child stands there once. Clause is charged where
// one is still there and nobody got it.
func reportedOnce(c *C, clause string, all []Child) {
	reported := c.Ledger.Under("reported")
	for _, pid := range reported {
		c.Expect(pid).For("REAP-EXIT-1").To(beOneOf(all), "the second value is the pid of a child")
	}
	for _, child := range all {
		count := 0
		for _, pid := range reported {
			if spec.Eql(pid, child.PID) {
				count++
			}
		}
		if count == 0 && c.stateOf(child.PID) == spec.Keyword("absent") {
			clause = "REAP-EXIT-2" // a call that reported another took it too
		}
		c.Expect(spec.Bool(count > 0)).For(child.unlessLost(clause)).To(BeTrue(), "child %s has ended and is reported", child.PID)
		c.Expect(spec.Int(count)).For("REAP-EXIT-3").To(BeEql(1), "child %s is reported once", child.PID)
	}
	c.Observe("REAP-CONC-1", "each-reported-once")
}

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
