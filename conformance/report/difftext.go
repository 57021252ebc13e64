package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/spec"
)

// Text writes the difference for people. With whole it lists each case that is new or gone too, and
// the behaviours of each occurrence; without, what of those needs a look, and counts.
func (d *Difference) Text(w io.Writer, whole bool) {
	d.sides(w)
	list := func(title string, changes []Change, show func(Change) bool) {
		if len(changes) == 0 {
			return
		}
		fmt.Fprintf(w, "\n%s: %s\n", title, spec.Plural(len(changes), "case"))
		hidden := 0
		for _, c := range changes {
			if whole || show(c) {
				c.text(w)
			} else {
				hidden++
			}
		}
		if hidden > 0 {
			fmt.Fprintf(w, "  (%d more: -v lists them)\n", hidden)
		}
	}
	all := func(Change) bool { return true }
	list("WORSE", d.Worse, all)
	list("wrong otherwise than before", d.Otherwise, all)
	list("known deviations now", d.Excused, all)
	list("better", d.Better, all)
	list("judged otherwise", d.Changed, all)
	list("new, in OLD there is no such case", d.Added, func(c Change) bool { return *c.New >= verdict.Inconclusive })
	list("gone, in NEW there is no such case", d.Gone, func(c Change) bool { return c.Why != "not run" })
	for _, drift := range d.Behaviours {
		if whole || drift.Scope != "occurrence" {
			fmt.Fprintf(w, "\nleft open, %s: %s, was %s\n", spec.Brief(drift.Clause, spec.NameLength), namesText(drift.New), namesText(drift.Old))
		}
	}
	if len(d.Gained) > 0 {
		fmt.Fprintf(w, "\nclaimed now: %s\n", namesText(d.Gained))
	}
	if len(d.Lost) > 0 {
		fmt.Fprintf(w, "\nno longer claimed: %s\n", namesText(d.Lost))
	}
	fmt.Fprintf(w, "\n%s compared: %d worse, %d better; %d new, %d gone\n", spec.Plural(d.Compared, "case"), len(d.Worse), len(d.Better), len(d.Added), len(d.Gone))
	for _, side := range []struct {
		name string
		Side
	}{{"OLD", d.Old}, {"NEW", d.New}} {
		if side.Partial {
			fmt.Fprintf(w, "%s is of a run that was cut short: what is missing there is not compared.\n", side.name)
		}
	}
	if d.Compared == 0 {
		fmt.Fprintln(w, "The two have no case in common: nothing was compared.")
	}
}

// sides says what differs between the two apart from verdicts.
func (d *Difference) sides(w io.Writer) {
	line := func(word, old, now string) {
		if old != now {
			fmt.Fprintf(w, "%-9s %s, was %s\n", word, orNothing(now), orNothing(old))
		}
	}
	line("suite", d.Old.Suite.Version, d.New.Suite.Version)
	line("catalogue", d.Old.Suite.Catalogue, d.New.Suite.Catalogue)
	if d.Old.Suite.Catalogue != d.New.Suite.Catalogue {
		fmt.Fprintf(w, "%-9s a clause may demand otherwise: mpcheck explain CLAUSE, and the changelog\n", "")
	}
	line("adapter", d.Old.Adapter+" "+d.Old.Version, d.New.Adapter+" "+d.New.Version)
	line("profile", namesText(d.Old.Profile), namesText(d.New.Profile))
	line("sizes", string(d.Old.Sizes), string(d.New.Sizes))
}

func (c Change) text(w io.Writer) {
	word := func(v *verdict.Verdict) string {
		if v == nil {
			return "-"
		}
		return v.String()
	}
	was := "was " + word(c.Old)
	if c.Old == nil {
		was = ""
	}
	if c.Was != "" {
		was += " as " + spec.Brief(c.Was, spec.NameLength)
	}
	fmt.Fprintf(w, "  %-14s  %-40s  %s\n", word(c.New), spec.Brief(c.ID, spec.NameLength), was)
	if c.Clause != "" && !strings.HasPrefix(c.ID, c.Clause+"/") {
		fmt.Fprintf(w, "  %14s  charged to %s\n", "", spec.Brief(c.Clause, spec.NameLength))
	}
	if c.Why != "" {
		fmt.Fprintf(w, "  %14s  %s\n", "", spec.Brief(c.Why, spec.LineLength))
	}
	if c.Repro != "" && c.New != nil && *c.New >= verdict.Inconclusive {
		fmt.Fprintf(w, "  %14s  repeat %s\n", "", spec.Brief(c.Repro, spec.LineLength))
	}
}

func namesText(names []string) string {
	return orNone(slices.Sorted(slices.Values(names)))
}

func orNothing(text string) string {
	if strings.TrimSpace(text) == "" {
		return "not told"
	}
	return spec.Brief(text, spec.LineLength)
}
