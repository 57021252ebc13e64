package cases

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/mpcheck/mpcheck/spec"
)

// Case is one expectation about an implementation, as data: all doors open on one table ([All]).
type Case struct {
	// ID is CLAUSE/variant.
	ID string
	// Clauses that a pass witnesses beside the one that the ID names, which is charged
	// with a failure unless the expectation says otherwise.
	Clauses []string
	// Needs lists the operations, and extras such as "make-mailbox :size", without which
	// the case is not applicable.
	Needs []string
	// Expects says whether the clause promises that something happens or that it doesn't.
	Expects Expectation
	// Witness names the step ([C.Step]) without which a pass would mean nothing. An
	// absence needs one: the step at which the same operation showed a presence.
	Witness string
	// Story is one sentence for people: what is done and what must be seen.
	Story string
	Run   func(c *C)
}

// Expectation is what a clause promises.
type Expectation uint8

// The expectations.
const (
	Presence Expectation = iota
	Absence
)

// Clause is the clause that the ID names.
func (k *Case) Clause() string {
	clause, _, _ := strings.Cut(k.ID, "/")
	return clause
}

// Witnesses lists all clauses of the case, the one of its ID first.
func (k *Case) Witnesses() []string { return append([]string{k.Clause()}, k.Clauses...) }

// chapters are the cases of all files, in whatever order Go initializes those.
var chapters []Case

// chapter adds cases to the table. A file of cases declares nothing that names them:
//
//	var _ = chapter([]Case{...})
func chapter(of []Case) struct{} {
	chapters = append(chapters, of...)
	return struct{}{}
}

// All is the table of cases in the order of the catalogue, those of a clause in that of their file. It
// panics where a case is not well formed, which a test excludes. Don't change it.
var All = sync.OnceValue(func() []*Case {
	place := map[string]int{}
	for i, clause := range spec.Clauses().Clauses {
		place[clause.ID] = i
	}
	var all []*Case
	for i := range chapters {
		all = append(all, &chapters[i])
	}
	slices.SortStableFunc(all, func(a, b *Case) int { return cmp.Compare(place[a.Clause()], place[b.Clause()]) })
	if err := Validate(all); err != nil {
		panic(err)
	}
	return all
})

var caseID = regexp.MustCompile(`^[A-Z]+(-[A-Z]+)*-[0-9]+/[a-z0-9]+(-[a-z0-9]+)*$`)

// IsID tells whether an id is of the form CLAUSE/variant. Whether there is such a case it doesn't say.
func IsID(id string) bool { return caseID.MatchString(id) }

// Lookup is the case of the table that has the id, nil where none has.
func Lookup(id string) *Case {
	if i := slices.IndexFunc(All(), func(k *Case) bool { return k.ID == id }); i >= 0 {
		return All()[i]
	}
	return nil
}

// Find is like Lookup; the error says what is known of an id that names no case.
func Find(id string) (*Case, error) {
	if k := Lookup(id); k != nil {
		return k, nil
	}
	return nil, fmt.Errorf("there is no case %q here%s: `mpcheck list` shows those there are", id, aside(id))
}

// Validate refuses cases that could mislead: an id that is not CLAUSE/variant or stands
// twice, an unknown clause or operation, an absence without a witness. The error lists
// every fault.
func Validate(cases []*Case) error {
	var faults []error
	seen := map[string]bool{}
	for _, k := range cases {
		bad := func(format string, args ...any) {
			faults = append(faults, fmt.Errorf("case %s: %s", k.ID, fmt.Sprintf(format, args...)))
		}
		if !caseID.MatchString(k.ID) {
			bad("the id is not of the form CLAUSE/variant")
		}
		if seen[k.ID] {
			bad("stands twice")
		}
		seen[k.ID] = true
		witnesses := k.Witnesses()
		for i, id := range witnesses {
			if clause := spec.Clauses().Lookup(id); clause == nil || clause.Level == spec.Note {
				bad("no clause %s", id)
			}
			if slices.Contains(witnesses[:i], id) {
				bad("clause %s stands twice", id)
			}
		}
		for _, need := range k.Needs {
			if !spec.Claimable(need) {
				bad("needs %q, which no adapter can claim", need)
			}
		}
		if k.Expects == Absence && k.Witness == "" {
			bad("it expects an absence and names no witness: show the presence first, by the same operation, and name that step")
		}
		if k.Run == nil || k.Story == "" {
			bad("needs a story and a function")
		}
	}
	return errors.Join(faults...)
}
