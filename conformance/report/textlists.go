package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/conformance/verdict"
	"github.com/mpcheck/mpcheck/spec"
)

// waits says for what it was waited how long, where something hung.
func (t Text) waits(r *verdict.Report) {
	met := map[string]int{} // cases that were not waited for, by the one that was
	for _, result := range r.Cases {
		if result.Hang != nil {
			met[result.Hang.In]++
		}
	}
	for _, result := range r.Cases {
		if result.Hang == nil || !result.Hang.Confirmed {
			continue
		}
		fmt.Fprintf(t.W, "\nwaited for %s in %s: %s", result.Hang.Operation, result.ID, story(result.Hang))
		if n := met[result.ID]; n > 0 {
			fmt.Fprintf(t.W, "; %s met it afterwards and got at most %v", spec.Plural(n, "case"), cases.MostPatience)
		}
		fmt.Fprintln(t.W)
	}
}

// story says of a hang how long was waited, "" where nothing hung, or something that is known to.
func story(h *cases.Hang) string {
	if h == nil || len(h.Waited) == 0 || h.In != "" {
		return ""
	}
	var waits []string
	for _, s := range h.Waited {
		waits = append(waits, fmt.Sprintf("%g s", s))
	}
	text := strings.Join(waits, ", then ")
	if h.Confirmed {
		return text + " alone"
	}
	return fmt.Sprintf("hung in %d of %d runs: %s", len(h.Waited), h.Runs, text)
}

// lists says what the lists of known deviations and of flaky cases did.
func (t Text) lists(r *verdict.Report) {
	for _, result := range r.Cases {
		switch {
		case result.Verdict == verdict.Known:
			fmt.Fprintf(t.W, "\nKNOWN  %s: %s\n", result.ID, result.Reason)
		case result.Flaky && result.Verdict < verdict.Inconclusive:
			fmt.Fprintf(t.W, "\nFLAKY  %s: it failed, and passed when it was repeated\n", result.ID)
		}
	}
	for i, s := range r.Stale {
		if i == mostStale {
			fmt.Fprintf(t.W, "\n%s  and %d more\n", t.paint("31", "STALE"), len(r.Stale)-i)
			break
		}
		what := "it is listed as known, but passes: take it off the list"
		if !slices.ContainsFunc(r.Cases, func(result verdict.Result) bool { return result.ID == s.ID }) {
			what = "it is listed, but " + cases.NoCase(s.ID) + ": `mpcheck list` shows those there are"
		}
		fmt.Fprintf(t.W, "\n%s  %s: %s (%s)\n", t.paint("31", "STALE"), s.ID, what, s.Reason)
	}
}

// mostStale is how many wrong entries of lists are shown.
const mostStale = 50

// reasons says, once each, why cases were not applicable: what most cases lack comes first.
func (t Text) reasons(r *verdict.Report) {
	count := map[string]int{}
	var reasons []string
	for _, result := range r.Cases {
		if result.Verdict == verdict.NotApplicable {
			if count[result.Reason] == 0 {
				reasons = append(reasons, result.Reason)
			}
			count[result.Reason]++
		}
	}
	slices.SortStableFunc(reasons, func(a, b string) int { return count[b] - count[a] })
	for i, reason := range reasons {
		if i == 0 {
			fmt.Fprintln(t.W)
		}
		fmt.Fprintf(t.W, "%d not applicable: %s\n", count[reason], reason)
	}
}
