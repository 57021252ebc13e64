package traces

import (
	"fmt"
	"strings"

	"github.com/mpcheck/mpcheck/spec"
)

// Render gives the labels as columns - time, process, event - a line each, those at a finding
// of the report with a mark before them. The report may be nil.
func Render(labels []spec.Label, r *Report) []string {
	marked := map[int]bool{}
	if r != nil {
		for _, f := range r.Findings {
			marked[f.Step] = true
		}
	}
	var names teller
	for _, l := range labels {
		names.hear(l) // names are known late
	}
	var out []string
	again := teller{names: names.names, frames: names.frames}
	for i, l := range labels {
		mark := "  "
		if marked[i] {
			mark = "> "
		}
		out = append(out, fmt.Sprintf("%s%4d %s", mark, i, again.tell(l)))
	}
	return out
}

// Text says what the report found, in words, with the labels before each finding.
func (r *Report) Text(labels []spec.Label) string { return r.text(labels, false) }

// Detailed is Text with all clauses that took part in what is found.
func (r *Report) Detailed(labels []spec.Label) string { return r.text(labels, true) }

func (r *Report) text(labels []spec.Label, detailed bool) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %d labels, %d states visited, %d at a time\n", r.Verdict, r.Judged, r.States, r.Widest)
	if r.Why != "" {
		fmt.Fprintf(&b, "  because %s\n", spec.Brief(r.Why, spec.LineLength))
	}
	lines := Render(labels, r)
	for _, f := range r.Findings {
		fmt.Fprintf(&b, "\nat label %d", f.Step)
		if f.Op != "" {
			fmt.Fprintf(&b, ", %s", spec.Brief(f.Op, spec.NameLength))
		}
		b.WriteByte('\n')
		for i := max(0, f.Step-shownBefore); i <= f.Step; i++ {
			b.WriteString("  " + lines[i] + "\n")
		}
		if len(f.Allowed) > 0 {
			fmt.Fprintf(&b, "  allowed  %s\n", spec.BriefList(f.Allowed, "\n           ", shownAllowed))
		}
		fmt.Fprintf(&b, "  seen     %s\n", spec.Brief(f.Seen, spec.LineLength))
		if len(f.Clauses) > 0 {
			fmt.Fprintf(&b, "  clauses  %s\n", strings.Join(f.Clauses, " "))
		}
		for _, l := range f.Like {
			fmt.Fprintf(&b, "  as if    %s (%s)\n", l.What, l.Mutant)
		}
		if detailed && len(f.Through) > 0 {
			fmt.Fprintf(&b, "  through  %s\n", strings.Join(f.Through, " "))
		}
	}
	return b.String()
}

// shownAllowed is how many of the outcomes that are allowed are shown.
const shownAllowed = 100

// shownBefore is how many labels are shown before a finding.
const shownBefore = 8
