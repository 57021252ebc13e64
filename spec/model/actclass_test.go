package model

import (
	"slices"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
)

func TestActClassesAreThoseOfTheRules(t *testing.T) {
	all := ActClasses()
	for i, c := range all {
		if slices.Contains(all[:i], c) {
			t.Errorf("%s stands twice", c)
		}
	}
	for class, want := range map[ActClass]bool{
		{Kind: Effect, Op: "mailbox-read"}:  true,
		{Kind: TimeUp, Op: "mailbox-read"}:  true,
		{Kind: TimeUp, Op: "mailbox-peek"}:  false, // it never waits
		{Kind: Effect, Op: "pause"}:         false, // nothing but time ends it
		{Kind: Die}:                         true,
		{Kind: Lost}:                        true,
		{Kind: Effect, Op: "no-such-thing"}: false,
	} {
		if slices.Contains(all, class) != want {
			t.Errorf("%s is listed: %v, want %v", class, !want, want)
		}
	}
}

func TestRuledClausesAreOfTheCatalogue(t *testing.T) {
	ruled := RuledClauses()
	if len(ruled) < 200 || !slices.Contains(ruled, "MBOX-READ-1") || !slices.Contains(ruled, "REAP-ZOMB-1") {
		t.Errorf("%d clauses, without one of a rule or of an act", len(ruled))
	}
	for _, id := range ruled {
		if spec.Clauses().Lookup(id) == nil {
			t.Errorf("a rule names the clause %s, which there is not", id)
		}
	}
}

// An operation with wrong arguments says nothing of its rule.
func TestClassOfAnErrorIsNotTheRules(t *testing.T) {
	for _, test := range []struct {
		call spec.Call
		want ActClass
	}{
		{spec.NewCall("make-log", nil), ActClass{Kind: Effect, Op: "make-log"}},
		{spec.NewCall("pause", nil, spec.String("long")), ActClass{Kind: Effect, Op: "pause", Signals: true}},
	} {
		s := NewState(NewUniverse(), Config{})
		o, err := Decode(s.u, test.call)
		if err != nil {
			t.Fatal(err)
		}
		s.Call(s.Test(), o, nil)
		acts := Enabled(s, nil)
		if len(acts) != 1 || ClassOf(s, acts[0]) != test.want {
			t.Errorf("%s: acts %v, want one of %s", test.call, acts, test.want)
		}
	}
}
