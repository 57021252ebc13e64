package spec

import (
	"fmt"
	"slices"
	"strings"
)

// Wait says of a process that can't go on what it waits for, and who could end that: an edge, or
// several, of a [WaitGraph].
type Wait struct {
	// Process has the name of the process and its reference.
	Process string `json:"process"`
	// Op is the operation that waits, For what it waits for in words.
	Op  string `json:"op"`
	For string `json:"for"`
	// On is the object that it waits at, "" where there is none, or it is a process.
	On string `json:"on,omitempty"`
	// By lists the processes that are to end the wait, as in Process.
	By []string `json:"by,omitempty"`
	// Only means that none but those in By can; else anybody who has the object could.
	Only bool `json:"only,omitempty"`
}

// WaitGraph says who waits for whom, a Wait each process that can't go on. The zero value is that
// of a world in which nobody waits.
type WaitGraph []Wait

// Lines describes the graph: a line each process that waits, and one for a cycle.
func (g WaitGraph) Lines() []string {
	var out []string
	for _, w := range g {
		out = append(out, fmt.Sprintf("%s in %s waits for %s: %s", w.Process, w.Op, w.For, w.who()))
	}
	cycle, only := g.Cycle()
	if cycle != nil {
		text := "a cycle"
		if !only {
			text = "a cycle of those that are to end each other's waits"
		}
		out = append(out, text+": "+strings.Join(append(cycle, cycle[0]), " -> "))
	}
	return out
}

// who says who could end the wait.
func (w Wait) who() string {
	by := strings.Join(w.By, ", ")
	switch {
	case len(w.By) == 0 && w.Only:
		return "nobody is left who could end that"
	case len(w.By) == 0:
		return "anybody could end that"
	case w.Only:
		return "only " + by + " can end that"
	}
	return by + " is to end that, anybody could"
}

// Cycle returns processes each of which waits for the next, and the last for the first; nil where
// there are none. only means that nobody else could end any of their waits; such a cycle is
// found before others.
func (g WaitGraph) Cycle() (cycle []string, only bool) {
	for _, only := range []bool{true, false} {
		for _, w := range g {
			if cycle := g.around(w.Process, []string{w.Process}, only); cycle != nil {
				return cycle, only
			}
		}
	}
	return nil, false
}

// around looks for a way from the end of a path back to its first process.
func (g WaitGraph) around(first string, path []string, only bool) []string {
	for _, w := range g {
		if w.Process != path[len(path)-1] || only && !w.Only {
			continue
		}
		for _, next := range w.By {
			if next == first {
				return path
			}
			if slices.Contains(path, next) {
				continue
			}
			if cycle := g.around(first, append(slices.Clone(path), next), only); cycle != nil {
				return cycle
			}
		}
	}
	return nil
}

// DOT is the graph in the language of Graphviz: processes are ellipses, objects boxes; a dashed
// edge leads to who is to end a wait that others could end as well, a dotted one to anybody.
func (g WaitGraph) DOT() string {
	var b strings.Builder
	b.WriteString("digraph waits {\n")
	quote := func(text string) string {
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(text) + `"`
	}
	edge := func(from, to, attributes string) {
		fmt.Fprintf(&b, "  %s -> %s%s;\n", quote(from), quote(to), attributes)
	}
	anybody := false
	for _, w := range g {
		from, label := w.Process, fmt.Sprintf(" [label=%s]", quote(w.Op))
		if w.On != "" {
			fmt.Fprintf(&b, "  %s [shape=box];\n", quote(w.On))
			edge(from, w.On, label)
			from, label = w.On, ""
		}
		switch {
		case len(w.By) == 0 && w.Only:
			if w.On == "" {
				fmt.Fprintf(&b, "  %s;\n", quote(w.Process))
			}
		case len(w.By) == 0:
			anybody = true
			edge(from, "anybody", " [style=dotted]")
		case !w.Only:
			label = " [style=dashed]"
		}
		for _, to := range w.By {
			edge(from, to, label)
		}
	}
	if anybody {
		b.WriteString("  \"anybody\" [shape=plaintext];\n")
	}
	b.WriteString("}\n")
	return b.String()
}
