package proc

import (
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
)

func TestParseStat(t *testing.T) {
	rest := strings.Repeat(" 0", 14) + " 3 0 77" + strings.Repeat(" 0", 30)
	want := Stat{pid: 12, state: 'S', Parent: 5, Group: 9, threads: 3, Start: 77}
	for _, name := range []string{"cat", ") (", "a b", "))) R 1 2 3", "(", "\n) Z 1 1 (\n", ""} {
		got, err := parseStat("12 (" + name + ") S 5 9" + rest)
		if err != nil || got != want {
			t.Errorf("name %q: %+v, %v; want %+v", name, got, err, want)
		}
	}
	for _, text := range []string{"", "12", "12 (cat", "12 (cat)", "12 (cat) S 5 9 1", "x (cat) S 5 9" + rest, "12 (cat) S 5 y" + rest} {
		if got, err := parseStat(text); err == nil {
			t.Errorf("%q: %+v; want an error", text, got)
		}
	}
}

func TestStatKind(t *testing.T) {
	for _, c := range []struct {
		stat Stat
		want spec.ChildState
	}{
		{Stat{}, spec.ChildAbsent},
		{Stat{state: 'X', threads: 1}, spec.ChildAbsent},
		{Stat{state: 'Z', threads: 1}, spec.ChildZombie},
		{Stat{state: 'Z', threads: 2}, spec.ChildAlive}, // waitpid would not find it yet
		{Stat{state: 'T', threads: 2}, spec.ChildStopped},
		{Stat{state: 't', threads: 1}, spec.ChildStopped},
		{Stat{state: 'R', threads: 1}, spec.ChildAlive},
		{Stat{state: 'D', threads: 1}, spec.ChildAlive},
	} {
		if got := c.stat.Kind(); got != c.want {
			t.Errorf("%+v: %s, want %s", c.stat, got, c.want)
		}
	}
}
