package cases

import (
	"slices"
	"strings"

	"github.com/mpcheck/mpcheck/spec"
)

// ps: one page has it return a list, another has it print one. Either will do (PROC-PS-1).
var _ = chapter([]Case{
	{
		ID:    "PROC-PS-1/appear",
		Needs: []string{"process-run-function", "ps"},
		Story: "Three processes that wait all appear in what ps returns, or else in what it prints.",
		Run: func(c *C) {
			c.presented(c.named("ps-z"), c.named("ps-m"), c.named("ps-a"))
		},
	},
	{
		ID:    "PROC-PS-1/order",
		Needs: []string{"process-run-function", "process-run-function :priority", "ps"},
		Story: "Of processes with the priorities 20, 10 and 30, made in this order, ps has the one of 20 between the others.",
		Run: func(c *C) {
			order := c.presented(c.ranked("ps-z", 20), c.ranked("ps-m", 10), c.ranked("ps-a", 30)).order
			allowed := list(list(2, 0, 1), list(1, 0, 2))
			c.Expect(allowed).To(containing(numbersOf(order), 1), "the processes, numbered as they were made, are in the order of priorities, up or down")
		},
	},
	{
		ID:    "PROC-PS-2/observed",
		Needs: []string{"process-run-function", "process-run-function :priority", "ps"},
		Story: "Records whether ps has the highest priority first, and which of two equal ones comes first.",
		Run: func(c *C) {
			order := c.presented(c.ranked("ps-z", 20), c.ranked("ps-m", 20), c.ranked("ps-a", 30)).order
			if order[0] == 2 {
				c.Observe("PROC-PS-2", "descending")
			} else {
				c.Observe("PROC-PS-2", "ascending")
			}
			if slices.Index(order, 0) < slices.Index(order, 1) {
				c.Observe("PROC-PS-2", "equals-in-creation-order")
			} else {
				c.Observe("PROC-PS-2", "equals-in-another-order")
			}
		},
	},
	{
		ID:    "PROC-PS-3/observed",
		Needs: []string{"process-run-function", "ps"},
		Story: "Records whether ps, where it prints, has each process on a line of its own.",
		Run: func(c *C) {
			shown := c.presented(c.named("ps-z"), c.named("ps-m"), c.named("ps-a"))
			if !strings.Contains(shown.text, shown.names[0]) {
				c.NotApplicable("ps returns a list and prints nothing that could be captured")
			}
			perLine := func(line string) (n int) {
				for _, name := range shown.names {
					n += strings.Count(line, name)
				}
				return n
			}
			if slices.ContainsFunc(strings.Split(shown.text, "\n"), func(line string) bool { return perLine(line) > 1 }) {
				c.Observe("PROC-PS-3", "another-layout")
			} else {
				c.Observe("PROC-PS-3", "one-process-a-line")
			}
		},
	},
})

// ranked makes a process of that priority that waits for ever.
func (c *C) ranked(what string, n int) *namedProcess {
	name := c.name(what)
	process := c.gatedNamed(name, spec.Keyword("priority"), n)
	if c.Offers("process-priority") {
		c.Expect(c.ProcessPriority(process)).For("PROC-PRI-1").To(BeEql(n), "the priority is the one given at creation")
	}
	return &namedProcess{&Gated{Process: process}, name}
}

// presentation is what ps shows of some processes: their numbers in its order, and the text where it prints them.
type presentation struct {
	order []int
	names []string
	text  string
}

// presented calls ps, and expects that it shows each of the processes.
func (c *C) presented(processes ...*namedProcess) presentation {
	var text spec.Value
	listing := c.Cell(nil)
	if c.Offers("with-captured-output") {
		text = c.WithCapturedOutput(c.Code(func(p *P) { p.CellSet(listing, p.Ps().Primary()) })).Primary()
	} else {
		c.CellSet(listing, c.Ps().Primary())
	}
	var at []int
	items := entries(c.CellGet(listing).Primary())
	for _, process := range processes {
		at = append(at, slices.IndexFunc(items, func(v spec.Value) bool { return spec.Eql(v, process.Process) }))
	}
	shown := presentation{}
	printed, captured := text.(spec.String)
	shown.text = string(printed)
	for _, process := range processes {
		shown.names = append(shown.names, process.name)
	}
	if !slices.ContainsFunc(at, func(i int) bool { return i >= 0 }) { // it returned no list of them
		if !captured {
			c.NotApplicable("ps returns no list, and what it prints can't be captured")
		}
		at = nil
		for _, name := range shown.names {
			at = append(at, strings.Index(shown.text, name))
		}
	}
	for i, process := range processes {
		shown.order = append(shown.order, i)
		c.Expect(spec.Bool(at[i] >= 0)).For("PROC-PS-1").To(BeTrue(), "the process named %q, which waits, appears in what ps returns or prints", process.name)
	}
	slices.SortFunc(shown.order, func(a, b int) int { return at[a] - at[b] })
	return shown
}

// numbersOf is the Lisp list of those.
func numbersOf(order []int) spec.Value {
	var out []spec.Value
	for _, n := range order {
		out = append(out, spec.Int(n))
	}
	return spec.NewList(out...)
}
