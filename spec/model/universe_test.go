package model

import (
	"math/rand/v2"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
)

// Equal numbers have one term and others have another, whether they follow each other or lie far
// apart, in any order, in a universe that is used again.
func TestNumbersAreInternedOnce(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	u := NewUniverse()
	for round := range 20 {
		terms := map[spec.Int]Term{}
		numbers := map[Term]spec.Int{}
		for range 2000 {
			n := spec.Int(random.IntN(1000))
			switch random.IntN(4) {
			case 0:
				n *= spec.Int(random.IntN(5000))
			case 1:
				n = -n
			}
			term := u.Intern(n)
			if known, ok := terms[n]; ok && known != term {
				t.Fatalf("round %d: %d has the terms %d and %d", round, n, known, term)
			}
			if other, ok := numbers[term]; ok && other != n {
				t.Fatalf("round %d: %d and %d have the term %d", round, n, other, term)
			}
			if got := u.Value(term); got != spec.Value(n) {
				t.Fatalf("round %d: the term of %d stands for %s", round, n, got)
			}
			terms[n], numbers[term] = term, n
		}
		u.Reset()
	}
}
