package traces

import (
	"testing"

	"github.com/mpcheck/mpcheck/spec/key"
)

// A status hook may be called again once its program has ended (EXT-HOOK-6), and nobody says how often: calls that no label tells
// of are not looked for without end.
func TestRefusedHooksAreJudged(t *testing.T) {
	for name, cut := range map[string]bool{"a trace that is whole": false, "a trace that ends there": true} {
		s := newStage()
		s.function(5)
		s.prepares(1)
		s.plans(1, "exit", 0)
		s.does(0, "start", append(append([]any{path(1), nil}, apart()...), key.StatusHook(fn(5)))...).fails()
		if !cut {
			s.leaves(0)
		}
		r := Check(s.labels, CheckOptions{})
		if r.Verdict != Forbidden || r.States > 1000 {
			t.Errorf("%s: %d states visited\n%s", name, r.States, r.Text(s.labels))
		}
	}
}

// Whatever goes on for ever, the judgement ends.
func TestDepthIsBounded(t *testing.T) {
	s := newStage()
	s.starts(1, apart()...)
	s.tells(1, "exit", 7)
	s.asks(1).is(word("exited"), 7)
	s.leaves(0)
	for deepest, want := range map[int]Verdict{0: Allowed, 1: Undecided} {
		if r := check(s.labels, CheckOptions{Budget: DefaultBudget, deepest: deepest}); r.Verdict != want || r.spent != (want == Undecided) {
			t.Errorf("at most %d acts: %s\n%s", deepest, r.Verdict, r.Text(s.labels))
		}
	}
}
