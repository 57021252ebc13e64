package native

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/mpcheck/mpcheck/spec"
)

// Liberty is a behaviour or a timing that the documents allow and that native doesn't have
// by itself: a mutant's twin. A mutant does what is forbidden and must fail; an implementation
// that takes a liberty must pass, and nothing that it does may be called forbidden.
type Liberty struct {
	ID string
	// Shows are the behaviours of SILENT clauses that the liberty makes possible, each as
	// CLAUSE KEY; or, for a liberty of timing, the clauses that allow it, without a key.
	Shows []string
	Story string

	take  func(d *decisions)
	adds  []string // operations and keywords that are offered beside native's
	drops []string // profiles that have a page which says otherwise
}

// Of tells whether the liberty is one of that clause, and by which behaviours.
func (l Liberty) Of(clause string) (behaviours []string, of bool) {
	for _, shown := range l.Shows {
		if id, key, _ := strings.Cut(shown, " "); id == clause {
			of = true
			if key != "" {
				behaviours = append(behaviours, key)
			}
		}
	}
	return behaviours, of
}

// LibertyByID returns the liberty of that id.
func LibertyByID(id string) (Liberty, bool) {
	i := slices.IndexFunc(Liberties, func(l Liberty) bool { return l.ID == id })
	if i < 0 {
		return Liberty{}, false
	}
	return Liberties[i], true
}

// NewLiberal returns the adapter with liberties taken, in that order: a later one overrides
// what both decide. Ids that don't exist are an error.
func NewLiberal(ids ...string) (spec.Adapter, error) {
	var d decisions
	var adds, drops []string
	var faults []error
	for _, id := range ids {
		l, ok := LibertyByID(id)
		if !ok {
			faults = append(faults, fmt.Errorf("there is no liberty %q", id))
			continue
		}
		l.take(&d)
		adds, drops = append(adds, l.adds...), append(drops, l.drops...)
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	i := implementation(d, ids)
	for _, name := range adds {
		i.Without = without(i.Without, name)
		i.Native = append(i.Native, name)
	}
	i.Profile = slices.DeleteFunc(i.Profile, func(name string) bool { return slices.Contains(drops, name) })
	return made(i), nil
}

// Liberties are all of them, in the order of the catalogue, those of timing last.
var Liberties = slices.Concat(processLiberties, killLiberties, bindingLiberties, cleanupLiberties, sendLiberties, mailboxLiberties, eventLiberties, interruptLiberties, childLiberties, programLiberties, foreignLiberties, imageLiberties, timingLiberties)

var (
	yes      = answers(spec.True{})
	no       = answers(spec.Nil{})
	anything = answers(spec.Int(42))
)

func shuffle[T any](list []T) {
	rand.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
}

func powerOfTwo(size int) int {
	n := 1
	for n < size {
		n *= 2
	}
	return n
}
