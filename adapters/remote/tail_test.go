//go:build linux

package remote

import (
	"fmt"
	"strings"
	"testing"
)

func TestTail(t *testing.T) {
	var out tail
	if got := out.quote(); got != "" {
		t.Errorf("empty: %q", got)
	}
	fmt.Fprint(&out, "one\ntwo\n\n")
	if got, want := out.quote(), "    one\n    two"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for i := range 5000 {
		fmt.Fprintf(&out, "line %d\n", i)
	}
	lines := strings.Split(out.quote(), "\n")
	if len(lines) != tailLines || lines[0] != "    line 4980" || len(out.kept) > tailSize {
		t.Errorf("%d lines from %q, %d bytes", len(lines), lines[0], len(out.kept))
	}
	var long tail
	fmt.Fprint(&long, strings.Repeat("x", 2*tailSize), "\nend\n")
	if got := long.quote(); got != "    end" {
		t.Errorf("after a line that was cut off: %.40q", got)
	}
}
