package cases

import (
	"slices"

	"github.com/mpcheck/mpcheck/spec"
)

var signalNeeds = append([]string{"signal-process"}, startNeeds...)

const deliveredStep = "a signal is delivered"

// signalNames is the table of names (EXT-SIG-8).
var signalNames = []struct {
	name   string
	number int
}{
	{"hangup", 1}, {"interrupt", 2}, {"quit", 3}, {"illegal-instruction", 4}, {"breakpoint-trap", 5}, {"abort", 6}, {"emulation-trap", 7},
	{"arithmetic-exception", 8}, {"killed", 9}, {"bus-error", 10}, {"segmentation-fault", 11}, {"bad-system-call", 12}, {"broken-pipe", 13}, {"alarm-clock", 14},
}

// elsewhere tells whether a number of the table is another signal's on Linux (EXT-SIG-3).
func elsewhere(number int) bool { return slices.Contains([]int{7, 10, 12}, number) }

// platformNumbers are those that two of the names have on Linux.
var platformNumbers = map[string]int{"bus-error": 7, "bad-system-call": 31}

var _ = chapter([]Case{
	{
		ID:    "EXT-SIG-1/one-of-two",
		Needs: signalNeeds,
		Story: "Two programs run; one is sent 1, 2 and 15: each arrives, in that one alone.",
		Run: func(c *C) {
			one, other := c.reporter(), c.reporter()
			for _, signal := range []int{sighup, sigint, sigterm} {
				c.delivers(one, signal, signal)
			}
			c.Tell(other.Child, "kill", sigquit) // the harness's: the first that it is to be told of
			c.Expect(c.ChildAwait(other.ref, spec.Keyword("signal"))).To(BeEql(sigquit), "the other program was sent none")
			for _, program := range []Program{one, other} {
				c.Tell(program.Child, "exit", 7)
				c.ShowsExit(program, 7)
			}
		},
	},
	{
		ID:      "EXT-SIG-1/ends-it",
		Clauses: []string{"EXT-STAT-4"},
		Needs:   signalNeeds,
		Story:   "Programs that catch no signal are sent 2, 9 and 15: each ends by it, and another goes on.",
		Run: func(c *C) {
			other := c.Started()
			for _, signal := range []int{sigint, sigkill, sigterm} {
				c.ends(signal, signal)
			}
			c.Expect(c.stateOf(other.PID)).To(BeEql(spec.Keyword("alive")), "the other program was sent none")
			c.Tell(other.Child, "exit", 7)
			c.ShowsExit(other, 7)
		},
	},
	{
		ID:      "EXT-SIG-2/visible-names",
		Needs:   append([]string{"signal-mapping"}, signalNeeds...),
		Clauses: []string{"EXT-SIG-1"},
		Story:   "Each keyword of the mapping is accepted, and its number arrives; those apart that are other signals here than by name.",
		Run: func(c *C) {
			program := c.reporter()
			entries, _ := spec.Items(c.SignalMapping().Primary())
			c.Expect(spec.Bool(len(entries) > 0)).To(BeTrue(), "the mapping has entries")
			for _, entry := range entries {
				pair, _ := entry.(spec.List)
				number, ok := pair.Dotted.(spec.Int)
				c.Expect(spec.Bool(ok && len(pair.Items) == 1)).To(BeTrue(), "an entry is a keyword and a number: %s", entry)
				switch {
				case number == sigkill:
					c.For("EXT-SIG-2").ends(pair.Items[0], sigkill)
				case number < sigstop && !elsewhere(int(number)):
					c.delivers(program, number, int(number))
					c.For("EXT-SIG-2").delivers(program, pair.Items[0], int(number))
				}
			}
			c.Tell(program.Child, "exit", 7)
			c.ShowsExit(program, 7)
		},
	},
	{
		ID:    "EXT-SIG-3/by-name",
		Needs: signalNeeds,
		Story: "Which number :bus-error and :bad-system-call send, the table's or the platform's, is recorded.",
		Run: func(c *C) {
			program := c.reporter()
			for _, of := range signalNames {
				platform, two := platformNumbers[of.name]
				if !two {
					continue
				}
				r := c.Try().SignalProcess(program.Process, spec.Keyword(of.name))
				const behind = 40 // of two signals at a time the lower comes first
				c.Pause(momentSeconds)
				c.Tell(program.Child, "kill", behind)
				first := c.ChildAwait(program.ref, spec.Keyword("signal")).Primary()
				if !spec.Eql(first, spec.Int(behind)) {
					c.ChildAwait(program.ref, spec.Keyword("signal"))
				}
				switch {
				case r.Status == spec.Signalled && spec.Eql(first, spec.Int(behind)):
					c.NotApplicable("there is no :%s here", of.name)
				case r.Status == spec.Returned && spec.Eql(first, spec.Int(of.number)):
					c.Observe("EXT-SIG-3", "table-number")
				case r.Status == spec.Returned && spec.Eql(first, spec.Int(platform)):
					c.Observe("EXT-SIG-3", "platform-number")
				default:
					c.Observe("EXT-SIG-3", spec.Other)
				}
			}
			c.Tell(program.Child, "exit", 7)
			c.ShowsExit(program, 7)
		},
	},
	{
		ID:      "EXT-SIG-4/ended",
		Needs:   signalNeeds,
		Witness: deliveredStep,
		Story:   "A program has exited, another was killed, their ends were seen and collected: to signal them is an error, and reaches no other.",
		Run: func(c *C) {
			exit := c.Started(exits(7))
			c.ShowsExit(exit, 7)
			kill := c.Started(does("die", sigterm))
			c.ShowsSignal(kill, sigterm)
			c.collected(exit)
			c.collected(kill)
			other, later := c.reporter(), c.Started() // who may have their numbers now
			c.Control(deliveredStep, func() { c.delivers(other, sighup, sighup) })
			for _, program := range []Program{exit, kill} {
				for _, signal := range []any{sighup, sigint, sigterm} {
					c.Expect(c.Try().SignalProcess(program.Process, signal)).To(SignalError(), "no signal can be delivered to a process that is no more")
				}
			}
			c.Tell(other.Child, "kill", sigquit)
			c.arrives(other, "EXT-SIG-4", sigquit)
			c.Expect(c.stateOf(later.PID)).To(BeEql(spec.Keyword("alive")), "no other program was sent one")
		},
	},
	{
		ID:      "EXT-SIG-4/no-such-signal",
		Needs:   signalNeeds,
		Witness: deliveredStep,
		Story:   "To send the signal 999 is an error, and does the program no harm.",
		Run: func(c *C) {
			program := c.reporter()
			c.Control(deliveredStep, func() { c.delivers(program, sighup, sighup) })
			c.Expect(c.Try().SignalProcess(program.Process, 999)).To(SignalError(), "there is no such signal")
			c.For("EXT-SIG-4").delivers(program, sigterm, sigterm)
			c.Tell(program.Child, "exit", 7)
			c.ShowsExit(program, 7)
		},
	},
	{
		ID:    "EXT-SIG-5/just-ended",
		Needs: signalNeeds,
		Story: "What becomes of a signal to a program that has ended and that nobody has asked about is recorded.",
		Run: func(c *C) {
			program := c.Started(exits(7))
			collected := c.hasEnded(program.Child).collected
			switch r := c.Try().SignalProcess(program.Process, sighup); {
			case r.Status == spec.Signalled:
				c.Observe("EXT-SIG-5", "error")
			case collected:
				c.NotApplicable("the end was collected before anybody asked: that is EXT-SIG-4's matter")
			default:
				c.Observe("EXT-SIG-5", "no-error")
			}
			c.ShowsExit(program, 7)
		},
	},
	{
		ID:      "EXT-SIG-6/no-names",
		Needs:   signalNeeds,
		Witness: deliveredStep,
		Story:   "Keywords that are not in the mapping are an error, and do the program no harm.",
		Run: func(c *C) {
			program := c.reporter()
			c.Control(deliveredStep, func() {
				c.delivers(program, sigint, sigint)
				c.For(c.aboutName("interrupt", sigint)).delivers(program, spec.Keyword("interrupt"), sigint)
			})
			for _, name := range []string{"term", "stop", "foo"} {
				c.Expect(c.Try().SignalProcess(program.Process, spec.Keyword(name))).To(SignalError(), "there is no signal of that name: :%s", name)
			}
			c.For("EXT-SIG-6").delivers(program, sigterm, sigterm)
			c.Tell(program.Child, "exit", 7)
			c.ShowsExit(program, 7)
		},
	},
	{
		ID:    "EXT-SIG-7/zero",
		Needs: signalNeeds,
		Story: "What becomes of signal 0, and what signal-process returns, is recorded.",
		Run: func(c *C) {
			program := c.reporter()
			if c.Try().SignalProcess(program.Process, 0).Status == spec.Signalled {
				c.Observe("EXT-SIG-7", "zero-error")
			} else {
				c.Observe("EXT-SIG-7", "zero-accepted")
			}
			switch c.For("EXT-SIG-1").SignalProcess(program.Process, sighup).Primary() {
			case spec.True{}:
				c.Observe("EXT-SIG-7", "returns-true")
			case spec.Nil{}:
				c.Observe("EXT-SIG-7", "returns-nil")
			default:
				c.Observe("EXT-SIG-7", "returns-another-value")
			}
			c.arrives(program, "EXT-SIG-1", sighup)
			c.Tell(program.Child, "exit", 7)
			c.ShowsExit(program, 7)
		},
	},
	{
		ID:      "EXT-SIG-8/names",
		Clauses: []string{"EXT-SIG-1"},
		Needs:   signalNeeds,
		Story:   "Each of the names is accepted, and the signal of its number arrives; the three apart that are other signals on Linux. A visible mapping has these names; for the three, if at all, the number of the table or of the platform.",
		Run: func(c *C) {
			program := c.reporter()
			for _, of := range signalNames {
				switch {
				case of.number == sigkill:
					c.For(c.aboutName(of.name, of.number)).ends(spec.Keyword(of.name), sigkill)
				case !elsewhere(of.number):
					c.delivers(program, of.number, of.number)
					c.For(c.aboutName(of.name, of.number)).delivers(program, spec.Keyword(of.name), of.number)
				}
			}
			c.Tell(program.Child, "exit", 7)
			c.ShowsExit(program, 7)
			if c.Offers("signal-mapping") {
				for _, of := range signalNames {
					number := c.mappedTo(of.name)
					if elsewhere(of.number) && (!spec.Truth(number) || spec.Eql(number, spec.Int(platformNumbers[of.name]))) {
						continue
					}
					c.Expect(number).To(BeEql(of.number), "the mapping has :%s for %d", of.name, of.number)
				}
			}
		},
	},
})

// mappedTo is the number that a visible mapping has for a name, nil where it has none.
func (c *C) mappedTo(name string) spec.Value {
	entries, _ := spec.Items(c.For("EXT-SIG-8").SignalMapping().Primary())
	for _, entry := range entries {
		if pair, ok := entry.(spec.List); ok && len(pair.Items) == 1 && pair.Items[0] == spec.Value(spec.Keyword(name)) {
			return pair.Dotted
		}
	}
	return spec.Nil{}
}

// aboutName is the clause that says which number a name sends: that the mapping says so is enough, where it does.
func (c *C) aboutName(name string, number int) string {
	if c.Offers("signal-mapping") && spec.Equal(c.mappedTo(name), spec.Int(number)) {
		return "EXT-SIG-2"
	}
	return "EXT-SIG-8"
}

// reporter starts a program that catches signals, and has them told.
func (p *P) reporter() Program {
	program := p.Started()
	p.Tell(program.Child, "report-signals")
	return program
}

// delivers sends a reporter a signal and expects that it arrives under its number.
func (p *P) delivers(program Program, signal any, number int) {
	clause := p.named("EXT-SIG-1")
	p.For(clause).SignalProcess(program.Process, signal)
	p.arrives(program, clause, number)
}

// arrives expects that the next signal that a reporter tells of has this number.
func (p *P) arrives(program Program, clause string, number int) {
	p.Expect(p.For(clause).ChildAwait(program.ref, spec.Keyword("signal"))).For(clause).To(BeEql(number), "the signal with that number is sent, and no other")
}

// ends sends a program a signal that it doesn't catch, and expects that it ends by its number: as another by the harness's.
func (p *P) ends(signal any, number int) {
	clause := p.named("EXT-SIG-1")
	by := p.For("EXT-START-1").Started()
	p.Tell(by.Child, "kill", number)
	p.ShowsSignal(by, number)
	program := p.For("EXT-START-1").Started()
	p.For(clause).SignalProcess(program.Process, signal)
	p.Expect(p.For(clause).Shown(program)).For(clause).To(ReturnFirst(signaled, number), "the signal with that number is sent, and no other")
}

// collected waits until a program whose end was shown is nowhere in the system any more: to a zombie signals can be sent (EXT-SIG-5).
func (c *C) collected(program Program) {
	const step = 0.03
	for waited := 0.0; c.stateOf(program.PID) != spec.Keyword("absent"); waited += step {
		if waited > c.patience() {
			c.NotApplicable("a program whose end was shown stays a zombie: signals can be sent to that")
		}
		c.statusOf(program)
		c.Pause(step)
	}
}
