package traces

import (
	"fmt"
	"strings"

	"github.com/mpcheck/mpcheck/spec"
)

// diagnosedStates bounds what is spent on a run that failed.
const diagnosedStates = 200_000

// Diagnose asks the oracle what is wrong with the run that was recorded, of an adapter that shook hands so: the clauses that
// its first finding names, and lines for people. There are none where it finds nothing, or the run was too long to be
// kept. It may be called once the run has ended.
func (j *Journal) Diagnose(h spec.Handshake) (clauses, lines []string) {
	j.mu.Lock()
	labels := j.labels
	j.mu.Unlock()
	if len(labels) == 0 {
		return nil, nil
	}
	o := OptionsFor(h)
	o.Budget = diagnosedStates
	r := Check(labels, o)
	if r.Verdict != Forbidden {
		return nil, nil
	}
	f, names := r.Findings[0], teller{}
	var at string
	for i, l := range labels {
		if line := names.tell(l); i == f.Step {
			at = strings.Join(strings.Fields(line), " ")
		}
	}
	lines = append(lines, at)
	if len(f.Allowed) > 0 {
		lines = append(lines, "allowed "+spec.BriefList(f.Allowed, "; ", 3))
	}
	for _, l := range f.Like {
		lines = append(lines, fmt.Sprintf("as if %s (%s)", l.What, l.Mutant))
	}
	return f.Clauses, lines
}
