package proc

import (
	"os"
	"testing"
)

func TestDescends(t *testing.T) {
	for _, c := range []struct {
		pid, root int
		want      bool
	}{
		{os.Getpid(), os.Getpid(), true}, {os.Getpid(), os.Getppid(), true},
		{os.Getppid(), os.Getpid(), false}, {0, os.Getpid(), false}, {1 << 22, os.Getpid(), false},
	} {
		if got, err := Descends(c.pid, c.root); err != nil || got != c.want {
			t.Errorf("%d below %d: %v, %v", c.pid, c.root, got, err)
		}
	}
}
