package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/spec"
)

// Text writes results for people. The zero value writes without colour.
type Text struct {
	W      io.Writer
	Colour bool
}

var colours = map[verdict.Verdict]string{verdict.Fail: "31", verdict.Error: "35", verdict.Inconclusive: "33", verdict.Pass: "32"}

func (t Text) verdict(v verdict.Verdict) string {
	return t.paint(colours[v], strings.ToUpper(v.String()))
}

func (t Text) paint(code, word string) string {
	if t.Colour && code != "" {
		return "\x1b[1;" + code + "m" + word + "\x1b[0m"
	}
	return word
}

// Line writes one line of a case that has ended: its verdict, id and seconds, and why
// it is no pass.
func (t Text) Line(r verdict.Result) {
	why := r.Why()
	if first, _, more := strings.Cut(why, "\n"); more {
		why = first + " ..."
	}
	why = spec.Brief(why, spec.LineLength)
	if why != "" {
		why = "  " + why
	}
	pad := strings.Repeat(" ", len("not-applicable")-len(r.Verdict.String()))
	fmt.Fprintf(t.W, "%s%s  %-40s %8.3fs%s\n", t.paint(colours[r.Verdict], r.Verdict.String()), pad, r.ID, r.Seconds, why)
}

// traceTail is how many events of a run the text shows; the JSON report has all that
// were kept.
const traceTail = 25

// Result writes what a person needs to know of a case that did not pass: the clause, what
// it allows, what came instead, how to see it again.
func (t Text) Result(k *cases.Case, r verdict.Result) {
	fmt.Fprintf(t.W, "\n%s  %s\n", t.verdict(r.Verdict), r.ID)
	t.details(k, r)
}

// Explain is the text of a result that begins with its verdict: what a test fails or is
// skipped with.
func Explain(k *cases.Case, r verdict.Result) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s", r.Verdict, r.ID)
	if why := r.Why(); why != "" {
		fmt.Fprintf(&b, ": %s", strings.ReplaceAll(spec.BriefLines(why, detailLines), "\n", "\n    "))
	}
	if r.Verdict >= verdict.Inconclusive {
		b.WriteString("\n")
		if r.Message == r.Why() {
			r.Message = ""
		}
		r.Reason = ""
		Text{W: &b}.details(k, r)
	}
	return strings.TrimRight(b.String(), "\n")
}

func (t Text) details(k *cases.Case, r verdict.Result) {
	line := func(word, text string) {
		if text != "" {
			fmt.Fprintf(t.W, "  %-9s %s\n", word, strings.ReplaceAll(spec.BriefLines(text, detailLines), "\n", "\n            "))
		}
	}
	charged := k.Clause()
	if r.Failure != nil {
		charged = r.Failure.Clause
	}
	if c := spec.Clauses().Lookup(charged); c != nil {
		line("clause", c.ID+", "+string(c.Level))
		line("rule", c.Rule)
		for _, s := range c.Sources {
			line("source", s+": "+spec.Clauses().Describe(s))
		}
	}
	line("case", k.Story)
	if r.Failure != nil {
		line("after", r.Failure.Step)
	}
	line("problem", r.Message)
	line("reason", r.Reason)
	line("allowed", r.Allowed)
	line("seen", r.Seen)
	line("composed", map[bool]string{true: "the adapter composed an operation that took part: the verdict judges the adapter"}[r.Composed])
	t.events(r)
	if d := r.Diagnosis; d != nil {
		line("oracle", strings.Join(d.Clauses, ", ")+"\n"+strings.Join(d.Lines, "\n"))
	}
	line("hang", story(r.Hang))
	line("repeat", r.Repro)
	line("replay", r.Replay)
}

// events writes the events that matter, else the latest ones.
func (t Text) events(r verdict.Result) {
	events, head := r.Events, fmt.Sprintf("the events that matter of %d; --json has more", len(r.Trace))
	if len(events) == 0 {
		events = r.Trace[max(0, len(r.Trace)-traceTail):]
		head = fmt.Sprintf("the last %s", spec.Plural(len(events), "event"))
	}
	if len(events) == 0 {
		return
	}
	fmt.Fprintf(t.W, "  %-9s %s\n", "trace", head)
	for _, event := range events {
		fmt.Fprintln(t.W, "    "+spec.Brief(event, spec.LineLength))
	}
}

// detailLines is how many lines of a detail are shown: of a crash the stacks of many threads.
const detailLines = 60

// inFull is how many cases that did not pass are written in full.
const inFull = 20

// Report writes the cases that did not pass, then what there is of each area and in all.
func (t Text) Report(r *verdict.Report, chosen []*cases.Case) {
	byID := map[string]*cases.Case{}
	for _, k := range chosen {
		byID[k.ID] = k
	}
	for _, fault := range r.Kit {
		fmt.Fprintf(t.W, "\n%s  %s\n", t.paint(colours[verdict.Error], "KIT"), spec.BriefLines(fault.Error(), 1))
	}
	written := 0
	for _, result := range r.Told() {
		if written++; written <= inFull {
			t.Result(byID[result.ID], *result)
		} else {
			fmt.Fprintf(t.W, "\n%s  %s: %s\n", t.verdict(result.Verdict), result.ID, spec.BriefLines(result.Message+result.Reason, 1))
		}
		t.others(r, r.GroupOf(result.ID))
	}
	t.lists(r)
	t.waits(r)
	if written > inFull {
		fmt.Fprintf(t.W, "\n(the first %d are written in full: select fewer cases, or use --json)\n", inFull)
	}
	t.reasons(r)
	fmt.Fprintf(t.W, "\n%s %s, %s clock, profile %s\n", spec.Brief(r.Adapter.Name, spec.NameLength), spec.Brief(r.Adapter.Version, spec.NameLength),
		r.Adapter.Clock, orNone(r.Profile))
	for _, area := range spec.Areas {
		counts := map[string]int{}
		for _, result := range r.Cases {
			if strings.HasPrefix(result.ID, area+"-") {
				counts[result.Verdict.String()]++
			}
		}
		if text := t.counts(counts); text != "" {
			fmt.Fprintf(t.W, "  %-6s %s\n", area, text)
		}
	}
	total := t.counts(r.Summary)
	if total == "" {
		total = "nothing was run"
	}
	fmt.Fprintf(t.W, "%s: %s (%s)\n", spec.Plural(len(r.Cases), "case"), total, t.schedules(r))
	t.exercised(r)
	if r.Partial {
		fmt.Fprintln(t.W, "The run was cut short: this is part of the result.")
	}
}

// others names the cases that the same event decided as the first one of a group.
func (t Text) others(r *verdict.Report, group *verdict.Group) {
	if group == nil {
		return
	}
	fmt.Fprintf(t.W, "  %-9s %s %s: %s more\n", "group", group.Operation, group.Outcome, spec.Plural(len(group.Cases)-1, "case"))
	for _, id := range group.Cases[1:] {
		result := r.Find(id)
		charged := ""
		if result.Failure != nil {
			charged = "  charged to " + result.Failure.Clause
		}
		fmt.Fprintf(t.W, "    %-12s %s%s\n", result.Verdict, id, charged)
	}
}

func (t Text) counts(n map[string]int) string {
	var parts []string
	for v := verdict.Fail; ; v-- {
		if c := n[v.String()]; c > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", c, v))
		}
		if v == 0 {
			break
		}
	}
	return strings.Join(parts, ", ")
}

func (t Text) schedules(r *verdict.Report) string {
	total, exhaustive := 0, len(r.Cases) > 0
	for _, result := range r.Cases {
		total += result.Schedules
		exhaustive = exhaustive && (result.Exhaustive || result.Schedules == 0)
	}
	switch {
	case r.Adapter.Clock == spec.Real:
		return "real time"
	case exhaustive && total > 0:
		return fmt.Sprintf("%s: every one there is", spec.Plural(total, "schedule"))
	}
	return fmt.Sprintf("%s from seed %d", spec.Plural(total, "schedule"), r.Seed)
}

func orNone(list []string) string {
	if len(list) == 0 {
		return "none"
	}
	return spec.BriefList(list, ", ", mostProfiles)
}

// mostProfiles is how many profiles are named.
const mostProfiles = 20

// List writes a line a case: its id and story.
func (t Text) List(cases []*cases.Case) {
	for _, k := range cases {
		fmt.Fprintf(t.W, "%-32s %s\n", k.ID, k.Story)
		if len(k.Clauses) > 0 {
			fmt.Fprintf(t.W, "%-32s also witnesses %s\n", "", strings.Join(k.Clauses, ", "))
		}
	}
}
