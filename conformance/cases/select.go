package cases

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/mpcheck/mpcheck/spec"
)

// Select returns the cases that match one of the patterns in sel (all where there is
// none) and none in skip, in the order of the table.
//
// A pattern is split at "/" and each segment is a glob. A clause id selects every case
// that witnesses the clause, an area (CLEAN) or family (CLEAN-DUP) every case that witnesses a
// clause of it; with a second segment the pattern speaks of case ids alone. Only whole parts
// between dashes count: CLEAN-DUP-1 doesn't select CLEAN-DUP-10. The error names a pattern that can
// never match: a malformed glob, or a clause, family, area or case that doesn't exist.
func Select(cases []*Case, sel, skip []string) ([]*Case, error) {
	for _, p := range slices.Concat(sel, skip) {
		if err := checkPattern(cases, p); err != nil {
			return nil, err
		}
	}
	var out []*Case
	for _, k := range cases {
		matches := func(p string) bool { return k.matches(p) }
		if (len(sel) == 0 || slices.ContainsFunc(sel, matches)) && !slices.ContainsFunc(skip, matches) {
			out = append(out, k)
		}
	}
	return out, nil
}

func (k *Case) matches(pattern string) bool {
	if strings.Contains(pattern, "/") {
		ok, _ := path.Match(pattern, k.ID) // a glob never crosses a slash
		return ok
	}
	return slices.ContainsFunc(k.Witnesses(), func(id string) bool { return clauseMatches(pattern, id) })
}

func clauseMatches(pattern, id string) bool {
	byID, _ := path.Match(pattern, id)
	return byID || strings.HasPrefix(id, pattern+"-")
}

// Families lists the areas and families there are, each before those within it: CLEAN, then
// CLEAN-DUP. A family is what ids have in common up to a dash.
var Families = sync.OnceValue(func() []string {
	var all []string
	for _, c := range spec.Clauses().Clauses {
		for i, r := range c.ID {
			if r == '-' && !slices.Contains(all, c.ID[:i]) {
				all = append(all, c.ID[:i])
			}
		}
	}
	slices.Sort(all)
	return all
})

func checkPattern(cases []*Case, pattern string) error {
	if _, err := path.Match(pattern, ""); err != nil || pattern == "" {
		return fmt.Errorf("malformed pattern %q: want an area, a family, a clause id or a case id, with * and ? as in file names", pattern)
	}
	if strings.ContainsAny(pattern, `*?[\`) {
		return nil
	}
	if strings.Contains(pattern, "/") {
		if slices.ContainsFunc(cases, func(k *Case) bool { return k.ID == pattern }) {
			return nil
		}
		return fmt.Errorf("unknown case %q%s: `mpcheck list` shows those there are", pattern, aside(pattern))
	}
	if spec.Clauses().Lookup(pattern) != nil || slices.Contains(Families(), pattern) {
		return nil
	}
	return fmt.Errorf("unknown clause or family %q%s", pattern, meant(pattern))
}

// meant says what an unknown pattern may stand for.
func meant(pattern string) string {
	family := strings.ToUpper(pattern)
	switch near := Near(pattern); {
	case slices.Contains(Families(), family), len(near) == 1 && near[0] == family:
		return fmt.Sprintf(": did you mean %s?", family)
	case near == nil:
		return fmt.Sprintf(": areas are %s, families look like CLEAN-DUP, clause ids like CLEAN-DUP-7", strings.Join(spec.Areas, ", "))
	default:
		return ": there are " + strings.Join(near, ", ")
	}
}

// Near lists clauses that an id which doesn't exist may have meant, at most 12: the one that
// differs in case only, those that it begins, else those of its family.
func Near(id string) []string {
	family := strings.ToUpper(id)
	if c := spec.Clauses().Lookup(family); c != nil {
		return []string{c.ID}
	}
	begin := func(prefix string) []string {
		var ids []string
		for _, c := range spec.Clauses().Clauses {
			if strings.HasPrefix(c.ID, prefix) && len(ids) < 12 {
				ids = append(ids, c.ID)
			}
		}
		return ids
	}
	if near := begin(family + "-"); near != nil {
		return near
	}
	if i := strings.LastIndexByte(family, '-'); i > 0 {
		family = family[:i+1]
	}
	return begin(family)
}
