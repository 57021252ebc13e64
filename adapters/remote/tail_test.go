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
	if len(lines) != headLines+1+tailLines || lines[0] != "    one" || lines[3] != "    line 0" || lines[len(lines)-1] != "    line 4999" ||
		lines[headLines] != "    ... (48899 bytes in all) ..." || len(out.kept) > tailSize {
		t.Errorf("%d lines, %d bytes:\n%s", len(lines), len(out.kept), out.quote())
	}
	var few tail
	for i := range headLines + tailLines + 5 {
		fmt.Fprintf(&few, "line %d\n", i)
	}
	lines = strings.Split(few.quote(), "\n")
	if lines[headLines] != "    ... (5 lines left out) ..." || lines[headLines+1] != "    line 15" {
		t.Errorf("a few lines too many:\n%s", few.quote())
	}
	var long tail
	fmt.Fprint(&long, strings.Repeat("x", 2*tailSize), "\nend\n")
	if got := long.quote(); !strings.HasPrefix(got, "    xxxx") || !strings.HasSuffix(got, "\n    end") || len(got) > 2000 {
		t.Errorf("with a line that was cut off: %.40q", got)
	}
	var much tail
	for range flood >> 10 {
		much.Write(make([]byte, 1<<10))
	}
	if !strings.Contains(much.quote(), "a flood: 16777216 bytes") || strings.ContainsRune(much.quote(), 0) {
		t.Errorf("a flood: %.200q", much.quote())
	}
}
