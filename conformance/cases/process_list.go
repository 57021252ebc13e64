package cases

import (
	"strings"

	"github.com/mpcheck/mpcheck/spec"
)

// The current process, the list of all, and their number.
var listCases = []Case{
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
		ID:    "PROC-LIST-1/members",
		Needs: []string{"process-run-function", "list-all-processes", "get-current-process"},
		Story: "Several processes that wait, and the caller, are members of list-all-processes, each once.",
		Run: func(c *C) {
			members := []spec.Value{c.GetCurrentProcess().Primary()}
			for range c.Size(5, 5, 2) {
				members = append(members, c.Gated("child").Process)
			}
			all := c.ListAllProcesses()
			for _, process := range members {
				c.Expect(all).To(containing(process, 1), "%s is a current process", process)
				c.Expect(all).NotTo(containing(process, 2), "%s is one process", process)
			}
		},
	},
	{
		ID:    "PROC-LIST-2/disappears",
		Needs: []string{"process-run-function", "list-all-processes"},
		Story: "A process that waits is listed; once it has ended it disappears from the list and stays away.",
		Run: func(c *C) {
			child := c.Gated("child")
			c.Expect(c.ListAllProcesses()).For("PROC-LIST-1").To(containing(child.Process, 1), "a process that waits is listed")
			c.Open(child)
			c.Until("PROC-LIST-2", "the process is no longer listed", func() bool { return !c.listed(child.Process) })
			c.Settle()
			c.Expect(c.ListAllProcesses()).NotTo(containing(child.Process, 1), "a dead process stays away")
		},
	},
	{
		ID:    "PROC-LIST-4/in-cleanups",
		Needs: append([]string{"list-all-processes"}, cleanupNeeds...),
		Story: "Whether a process in its cleanups is listed is recorded.",
		Run: func(c *C) {
			child, gate := c.inCleanups("child")
			c.Observe("PROC-LIST-4", map[bool]string{true: "in-cleanups-listed", false: "in-cleanups-not-listed"}[c.listed(child.Process)])
			c.GateOpen(gate)
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
}

// asks makes a gated process that notes the current process before and after its gate opens.
func (c *C) asks(seen spec.Ref) *Gated {
	l := c.lifeOf("child", func(p *P, _ *life) { p.LogAppend(seen, p.GetCurrentProcess().Primary()) },
		func(p *P, _ *life) { p.LogAppend(seen, p.GetCurrentProcess().Primary()) })
	return l.Gated
}

// Names.
var nameCases = []Case{
	{
		ID:    "PROC-NAME-1/one-of-two",
		Needs: []string{"process-run-function", "get-process"},
		Story: "Of two processes that wait get-process finds each by its name.",
		Run: func(c *C) {
			one, two := c.named("one"), c.named("two")
			for _, wanted := range []*namedProcess{one, two, one} {
				c.Expect(c.GetProcess(wanted.name)).To(BeEql(wanted.Process), "get-process finds the process named %q", wanted.name)
			}
		},
	},
	{
		ID:      "PROC-NAME-2/as-created",
		Clauses: []string{"PROC-NAME-1"},
		Needs:   []string{"process-run-function", "process-name", "get-process"},
		Story:   "process-name gives the name that a process was created with, by which get-process finds it.",
		Run: func(c *C) {
			child := c.named("Mixed Case")
			name := c.ProcessName(child.Process)
			c.Expect(name).To(BeEqual(child.name), "the name is the one given at creation")
			c.Expect(c.GetProcess(name.Primary())).For("PROC-NAME-1").To(BeEql(child.Process), "the name leads back to the process")
		},
	},
	{
		ID:      "PROC-NAME-3/case-counts",
		Clauses: []string{"PROC-NAME-6"},
		Needs:   []string{"process-run-function", "get-process", "find-process-from-name"},
		Story:   "Two processes whose names differ in case only are told apart.",
		Run: func(c *C) {
			base := c.name("Ab")
			lower, upper := c.namedAs(base), c.namedAs(swapCase(base))
			for _, wanted := range []*namedProcess{lower, upper} {
				c.Expect(c.GetProcess(wanted.name)).To(BeEql(wanted.Process), "names match by string=")
				c.Expect(c.FindProcessFromName(wanted.name)).To(BeEql(wanted.Process), "names match by string=")
			}
		},
	},
	{
		ID:      "PROC-NAME-6/no-match",
		Needs:   []string{"process-run-function", "find-process-from-name"},
		Expects: Absence,
		Witness: "a process is found by its name",
		Story:   "find-process-from-name finds a process that waits, and returns nil for a name that nobody has.",
		Run: func(c *C) {
			child := c.named("somebody")
			c.Control("a process is found by its name", func() {
				c.Expect(c.FindProcessFromName(child.name)).To(BeEql(child.Process), "the process that waits is found")
			})
			r := c.Try().FindProcessFromName(c.name("nobody"))
			c.Expect(r).NotTo(SignalError(), "that nothing matches is no error")
			c.Expect(r).To(BeNil(), "nothing matches")
		},
	},
}

type namedProcess struct {
	*Gated
	name string
}

func (c *C) named(what string) *namedProcess { return c.namedAs(c.name(what)) }

// namedAs makes a process of that name that waits for ever.
func (c *C) namedAs(name string) *namedProcess {
	ready, gate := c.Cell(nil), c.MakeGate().Primary()
	function := c.Func(func(p *P, _ []spec.Value) any {
		p.CellSet(ready, true)
		p.GateWait(gate)
		return nil
	})
	process := c.For("PROC-CREATE-1").ProcessRunFunction(name, nil, function).Primary()
	c.AwaitFor("PROC-CREATE-1", spec.CellIs(ready, true), "process "+name+" begins")
	return &namedProcess{&Gated{process, gate}, name}
}

func swapCase(s string) string {
	return strings.Map(func(r rune) rune {
		if upper := strings.ToUpper(string(r)); upper != string(r) {
			return []rune(upper)[0]
		}
		return []rune(strings.ToLower(string(r)))[0]
	}, s)
}
