package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/spec"
)

// Fingerprint writes what was seen of each SILENT clause, an area after the other.
func (t Text) Fingerprint(r *verdict.Report) {
	fmt.Fprintf(t.W, "\nWhat %s does where the documents leave it open\n", r.Adapter.Name)
	for _, area := range spec.Areas {
		of := slices.DeleteFunc(slices.Clone(r.Fingerprint), func(c verdict.Chosen) bool { return !strings.HasPrefix(c.Clause, area+"-") })
		if len(of) == 0 {
			continue
		}
		fmt.Fprintf(t.W, "  %s\n", area)
		var reasons []string
		silent := map[string][]string{} // clauses of which nothing was seen, by reason
		for _, c := range of {
			if len(c.Behaviours) > 0 {
				t.chosen(c)
				continue
			}
			if silent[c.Reason] == nil {
				reasons = append(reasons, c.Reason)
			}
			silent[c.Reason] = append(silent[c.Reason], c.Clause)
		}
		for _, reason := range reasons {
			fmt.Fprintf(t.W, "    not exercised, %s: %s\n", reason, strings.Join(silent[reason], ", "))
		}
	}
}

func (t Text) chosen(c verdict.Chosen) {
	var seen []string
	for _, b := range c.Behaviours {
		seen = append(seen, fmt.Sprintf("%s (%d)", b.Behaviour, b.Count))
	}
	unseen := ""
	if len(c.Unseen) > 0 {
		unseen = "; not seen: " + strings.Join(c.Unseen, ", ")
	}
	fmt.Fprintf(t.W, "    %-15s %s%s\n", c.Clause, strings.Join(seen, ", "), unseen)
	if c.Varies {
		fmt.Fprintf(t.W, "    %-15s %s\n", "", t.paint(colours[verdict.Inconclusive], "VARIES")+
			": an implementation decides this once, and several behaviours were seen")
	}
}

// exercised writes how much of what is left open was seen.
func (t Text) exercised(r *verdict.Report) {
	fmt.Fprintf(t.W, "%d of %d SILENT clauses exercised (-v and --json say how)", r.Fingerprint.Exercised(), len(r.Fingerprint))
	var vary []string
	for _, c := range r.Fingerprint {
		if c.Varies {
			vary = append(vary, c.Clause)
		}
	}
	if len(vary) > 0 {
		fmt.Fprintf(t.W, "; decided several ways in one implementation: %s", strings.Join(vary, ", "))
	}
	fmt.Fprintln(t.W)
}
