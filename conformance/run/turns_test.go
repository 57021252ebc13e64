package run

import (
	"sync"
	"sync/atomic"
	"testing"
)

// No case runs while one is repeated, whoever comes first.
func TestRepetitionsAreApartFromCases(t *testing.T) {
	var turns turns
	var cases, alone, both atomic.Int32
	var running sync.WaitGroup
	for i := range 12 {
		running.Go(func() {
			for range 20 {
				if i%4 == 0 {
					turns.apart(func() {
						alone.Add(1)
						both.Add(cases.Load())
						alone.Add(-1)
					})
				} else {
					turns.beside(func() {
						cases.Add(1)
						both.Add(alone.Load())
						cases.Add(-1)
					})
				}
			}
		})
	}
	running.Wait()
	if n := both.Load(); n != 0 {
		t.Errorf("%d times a case ran beside a repetition", n)
	}
}

// Of the cases that hang in one way at the same time one is repeated; the others hear of it.
func TestOneCaseFindsOutForAll(t *testing.T) {
	var h hangsOfRun
	var tries, told atomic.Int32
	var running sync.WaitGroup
	for range 16 {
		running.Go(func() {
			kinds := []string{"process-join", "what PROC-JOIN-1 promises"}
			if known := h.claim(kinds, "CASE"); known != nil {
				if known.in != "CASE" {
					t.Errorf("told of %+v", known)
				}
				told.Add(1)
				return
			}
			// The first is not confirmed, so that another has to find out.
			h.settle(kinds, tries.Add(1) > 1)
		})
	}
	running.Wait()
	if tries.Load() != 2 || told.Load() != 14 {
		t.Errorf("%d tried, %d were told", tries.Load(), told.Load())
	}
	if known := h.claim([]string{"process-join with timeout"}, "ANOTHER"); known == nil || known.in != "CASE" {
		t.Errorf("the same operation in another manner: %+v", known)
	}
	if known := h.confirmed("process-join with timeout"); known == nil || known.in != "ANOTHER" {
		t.Errorf("that manner is known from then on: %+v", known)
	}
	if known := h.confirmed("what PROC-JOIN-2 promises"); known != nil {
		t.Errorf("a clause of which nobody spoke: %+v", known)
	}
}

// Kinds that a case claimed together may be settled one after the other: what the repetition didn't meet
// first. Who waits for one of them waits until the last is settled, whichever it is.
func TestClaimedTogetherSettledApart(t *testing.T) {
	both := []string{"gate-wait", "reap-os-subprocess with pid and wait"}
	for i, first := range both {
		var h hangsOfRun
		if h.claim(both, "CASE") != nil {
			t.Fatal("nothing is known, and yet a kind hung")
		}
		known := make(chan *hung)
		go func() { known <- h.claim(both, "ANOTHER") }()
		h.settle([]string{first}, false)
		h.settle([]string{both[1-i]}, true)
		if learned := <-known; learned == nil || learned.kind != both[1-i] || learned.in != "CASE" {
			t.Errorf("%s is forgotten and %s confirmed: another case learns of %+v", first, both[1-i], learned)
		}
		h.settle(both, true) // Nobody has them now.
	}
}
