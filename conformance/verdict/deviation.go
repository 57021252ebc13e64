package verdict

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/mpcheck/mpcheck/conformance/cases"
	"github.com/mpcheck/mpcheck/spec"
)

// Deviation is an entry of a list of known deviations or of flaky cases.
type Deviation struct {
	// ID of a case, exactly.
	ID     string
	Reason string
}

// ReadDeviations reads a list of known deviations or of flaky cases: a line an entry, the
// case's id and then the reason; empty lines and those that begin with # mean nothing. name
// is the list's in errors, each of which names the line. Whether there is such a case is for
// the run to say: it fails where there isn't.
func ReadDeviations(r io.Reader, name string) ([]Deviation, error) {
	var list []Deviation
	seen := map[string]bool{}
	var faults []string
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		bad := func(format string, args ...any) {
			faults = append(faults, fmt.Sprintf("%s:%d: %s", name, n, fmt.Sprintf(format, args...)))
		}
		id, reason := line, ""
		if i := strings.IndexAny(line, " \t"); i >= 0 {
			id, reason = line[:i], strings.TrimSpace(line[i:])
		}
		switch {
		case !cases.IsID(id):
			bad("%q is not the id of a case: want CLAUSE/variant, exactly, then the reason", id)
		case reason == "":
			bad("%s has no reason: say why it deviates", id)
		case seen[id]:
			bad("%s stands twice", id)
		default:
			seen[id] = true
			list = append(list, Deviation{id, spec.Brief(reason, spec.LineLength)})
		}
	}
	if err := lines.Err(); err != nil {
		faults = append(faults, fmt.Sprintf("%s: %v", name, err))
	}
	return list, listFaults(faults)
}

// mostFaults is how many faults of a list are shown.
const mostFaults = 20

func listFaults(faults []string) error {
	if len(faults) == 0 {
		return nil
	}
	return errors.New(spec.BriefList(faults, "\n", mostFaults))
}

// CheckLists refuses a case that is listed as known and as flaky: a known one always fails.
func CheckLists(known, flaky []Deviation) error {
	var faults []string
	listed := map[string]bool{}
	for _, d := range known {
		listed[d.ID] = true
	}
	for _, d := range flaky {
		if listed[d.ID] {
			faults = append(faults, fmt.Sprintf("case %s is listed as known and as flaky: it can be one of them only", d.ID))
		}
	}
	return listFaults(faults)
}

// Listed is the entry of a case, nil where the list has none.
func Listed(list []Deviation, id string) *Deviation {
	if i := slices.IndexFunc(list, func(d Deviation) bool { return d.ID == id }); i >= 0 {
		return &list[i]
	}
	return nil
}

// Excuse turns a failure that is listed as known into that verdict. Nothing else is excused.
func (r *Result) Excuse(known []Deviation) {
	if d := Listed(known, r.ID); d != nil && r.Verdict == Fail {
		r.Verdict, r.Reason = Known, d.Reason
	}
}

// IsStale tells whether the case of a result is listed as known, but passes.
func IsStale(known []Deviation, r Result) bool {
	return (r.Verdict == Pass || r.Verdict == Observed) && Listed(known, r.ID) != nil
}

// StaleEntries lists the known entries whose case passed, and the entries of either list that name
// no case there is: neither one of the table nor of those that were selected.
func StaleEntries(known, flaky []Deviation, selected []*cases.Case, results []Result) []Stale {
	out := []Stale{}
	for _, d := range known {
		i := slices.IndexFunc(results, func(r Result) bool { return r.ID == d.ID })
		if i >= 0 && IsStale(known, results[i]) {
			out = append(out, Stale(d))
		}
	}
	exists := map[string]bool{}
	for _, k := range slices.Concat(cases.All(), selected) {
		exists[k.ID] = true
	}
	for _, d := range slices.Concat(known, flaky) {
		if !exists[d.ID] {
			out = append(out, Stale(d))
		}
	}
	return out
}
