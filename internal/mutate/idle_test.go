package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

const liberal = `package p

type decisions struct{ some }

type some struct {
	asks   bool
	answer func() int
	waits  int
	way    int
}

const (
	usual = iota
	odd
)

func f(s *system) int {
	if s.decide.answer != nil {
		return 11 + s.decide.answer()
	}
	if most := s.decide.waits; most > 0 {
		g(12)
	}
	switch d := &s.decide; {
	case g(13) && d.asks && g(14):
		onlyHere(15)
	case g(1) || d.asks:
		g(2)
	case !d.asks && g(3):
		g(4)
	}
	for s.decide.asks {
		g(18)
	}
	if s.decide.way == odd {
		g(19)
	}
	if s.decide.way == usual {
		g(8)
	}
	return 5
}

func onlyHere(n int) { byThat(16) }

func byThat(n int) { g(17) }

func nobodyNamesIt() { g(6) }

func g(n int) bool { return n > 7 }
`

// What runs only where a liberty is taken has no mutants, the question whether one is has.
func TestIdleCodeIsLeftAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f.go")
	if err := os.WriteFile(path, []byte(liberal), 0o644); err != nil {
		t.Fatal(err)
	}
	found, err := mutantsIn(path)
	if err != nil {
		t.Fatal(err)
	}
	var numbers, asked []string
	for _, m := range found {
		switch {
		case m.Kind == constant:
			numbers = append(numbers, m.Original)
		case m.Kind == comparison && m.Func == "f":
			asked = append(asked, m.Original)
		}
	}
	slices.Sort(numbers)
	if want := []string{"0", "1", "2", "3", "4", "5", "6", "7", "8"}; !slices.Equal(numbers, want) {
		t.Errorf("the numbers that are changed are %v, want %v", numbers, want)
	}
	slices.Sort(asked)
	if want := []string{"!", "!=", "&&", "&&", "&&", "==", "==", ">", "||"}; !slices.Equal(asked, want) {
		t.Errorf("the operators that are changed are %v, want %v", asked, want)
	}
}

// Nothing is left out of native but what a liberty takes.
func TestIdleCodeOfNative(t *testing.T) {
	there := map[string]bool{}
	for _, m := range ofNative(t) {
		there[m.File+" "+m.Func] = true
	}
	for _, idle := range []string{"liberties.go package-level", "liberties_timing.go package-level", "liberties_program.go codeOf", "kill.go (*process).leaveBehind", "kit/unwind.go (*Thread).LeaveBehind", "kit/wait.go (*Waiter).grant", "cleanup.go (*system).runAtOnce", "lambda.go (*frame).callLambda"} {
		if there[idle] {
			t.Errorf("%s is changed", idle)
		}
	}
	for _, active := range []string{"kill.go (*process).land", "cleanup.go (*system).registerAfterLife", "kit/wait.go (*Waiter).look", "kit/decisions.go Dawdle"} {
		if !there[active] {
			t.Errorf("%s is not changed", active)
		}
	}
}
