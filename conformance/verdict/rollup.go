package verdict

import "github.com/mpcheck/mpcheck/spec"

// RollUp fills in what follows from the cases: the summary, the clauses, the fingerprint and the groups. strict
// says that every DOC clause was judged. A case that failed on account of another clause than its own says
// nothing worse of its own than that it is open.
func (r *Report) RollUp(strict bool) {
	r.Summary = map[string]int{}
	for v := range verdictNames {
		r.Summary[verdictNames[v]] = 0
	}
	worst := map[string]Verdict{}
	seen := map[string]bool{}
	note := func(id string, v Verdict) {
		if !seen[id] || v > worst[id] {
			worst[id] = v
		}
		seen[id] = true
	}
	for _, result := range r.Cases {
		r.Summary[result.Verdict.String()]++
		charged := ""
		if result.Failure != nil {
			charged = result.Failure.Clause
			note(charged, result.Verdict)
		}
		for _, id := range result.Clauses {
			v := result.Verdict
			switch {
			case charged != "" && id != charged:
				v = Inconclusive
			case v == Pass && !spec.Clauses().Judged(spec.Clauses().Lookup(id), r.Profile, strict):
				v = Observed
			}
			note(id, v)
		}
	}
	r.Clauses = nil
	for _, c := range spec.Clauses().Clauses {
		result := ClauseResult{ID: c.ID, Level: c.Level}
		if v := worst[c.ID]; seen[c.ID] && c.Level != spec.Note {
			result.Verdict = &v
		}
		r.Clauses = append(r.Clauses, result)
	}
	r.Fingerprint = r.fingerprint()
	r.group()
}
