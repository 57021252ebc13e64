//go:build linux

package remote

import (
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
)

func TestParseStat(t *testing.T) {
	rest := strings.Repeat(" 0", 14) + " 3 0 77" + strings.Repeat(" 0", 30)
	want := procStat{pid: 12, state: 'S', parent: 5, group: 9, threads: 3, start: 77}
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
		stat procStat
		want spec.ChildState
	}{
		{procStat{}, spec.ChildAbsent},
		{procStat{state: 'X', threads: 1}, spec.ChildAbsent},
		{procStat{state: 'Z', threads: 1}, spec.ChildZombie},
		{procStat{state: 'Z', threads: 2}, spec.ChildAlive}, // waitpid would not find it yet
		{procStat{state: 'T', threads: 2}, spec.ChildStopped},
		{procStat{state: 't', threads: 1}, spec.ChildStopped},
		{procStat{state: 'R', threads: 1}, spec.ChildAlive},
		{procStat{state: 'D', threads: 1}, spec.ChildAlive},
	} {
		if got := c.stat.kind(); got != c.want {
			t.Errorf("%+v: %s, want %s", c.stat, got, c.want)
		}
	}
}
