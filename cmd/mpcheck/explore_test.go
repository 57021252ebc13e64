package main

import (
	"testing"

	"github.com/mpcheck/mpcheck/refimpl"
)

// Where what a case does can't be learned it is run under schedules that lose nothing which its strategy would see.
func TestWhatIsRunWhereNothingIsLearned(t *testing.T) {
	for _, test := range []struct {
		strategy, mutant string
		want             string
	}{
		{"states", "", "reduced"}, {"states", "first-sends-race", "all"},
		{"dfs", "", "all"}, {"dfs", "first-sends-race", "all"},
		{"dpor", "", "reduced"}, {"dpor", "first-sends-race", "reduced"},
		{"random", "", "drawn"}, {"pct", "", "drawn"},
	} {
		mutant, err := mutantByID(test.mutant)
		if err != nil {
			t.Fatal(err)
		}
		got := "drawn"
		if e := enumerates(test.strategy, mutant); e != nil {
			got = "all"
			if _, reduces := e().(*refimpl.DPOR); reduces {
				got = "reduced"
			}
		}
		if got != test.want {
			t.Errorf("%s on %q: %s, want %s", test.strategy, test.mutant, got, test.want)
		}
	}
}
