package main

import (
	"fmt"
	"io"
	"strings"
)

// summary writes what became of the chosen mutants, and tells whether the list of survivors is
// right: each survivor is in it, and no entry is stale - of a mutant that there isn't any more, or
// that was noticed although its reason doesn't say that it may be.
func summary(w io.Writer, all, chosen []Mutant, known *results, list survivors) bool {
	counts := map[Outcome]int{}
	right, byFuzz, byTests, real := true, 0, 0, 0
	for _, m := range chosen {
		r, ok := known.get(m.Key())
		if !ok {
			continue
		}
		counts[r.Outcome]++
		switch {
		case r.Outcome == Killed && strings.HasPrefix(r.By, "fuzz"):
			byFuzz++
		case r.Outcome == Killed && strings.HasPrefix(r.By, ownTests):
			byTests++
		}
		kind := list.kind(m.Key())
		switch {
		case r.Outcome == Survived && kind == "":
			fmt.Fprintf(w, "survived, not listed: %s (line %d)\n", m.Key(), m.Line)
			right = false
		case r.Outcome == Survived && kind == "deviation":
			fmt.Fprintf(w, "a real deviation survived: %s: %s\n", m.Key(), list[m.Key()])
			real++
		case r.Outcome == Killed && kind != "" && kind != "race" && kind != "deviation":
			fmt.Fprintf(w, "stale, it was killed by %s: %s\n", r.By, m.Key())
			right = false
		}
	}
	for _, key := range list.unknown(all) {
		fmt.Fprintf(w, "stale, there is no such mutant: %s\n", key)
		right = false
	}
	judged := counts[Killed] + counts[Errors] + counts[Survived]
	fmt.Fprintf(w, "%d mutants, %d judged: %d killed (%d of them by fuzz alone, %d by the package's own tests alone), %d errors only, %d survived, %d of these real deviations; %d more did not compile\n",
		len(all), judged, counts[Killed], byFuzz, byTests, counts[Errors], counts[Survived], real, counts[NotBuilt])
	if real*100 > judged {
		fmt.Fprintf(w, "more than 1 real deviation in 100 survived\n")
		right = false
	}
	return right
}
