package remote

import (
	"fmt"
	"os"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/mpcheck/mpcheck/spec"
)

func TestDescends(t *testing.T) {
	for _, c := range []struct {
		pid, root int
		want      bool
	}{
		{os.Getpid(), os.Getpid(), true}, {os.Getpid(), os.Getppid(), true},
		{os.Getppid(), os.Getpid(), false}, {0, os.Getpid(), false}, {1 << 22, os.Getpid(), false},
	} {
		if got, err := descends(c.pid, c.root); err != nil || got != c.want {
			t.Errorf("%d below %d: %v, %v", c.pid, c.root, got, err)
		}
	}
}

// A process that has children already doesn't adopt orphans: it could not tell whose they are.
func TestOrphansOfOthersAreLeftAlone(t *testing.T) {
	pid, err := forkSleeper()
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = unix.Kill(pid, unix.SIGKILL)
		_, _ = unix.Wait4(pid, nil, 0, nil)
	}()
	if err := AdoptOrphans(); err != nil || adopting.Load() {
		t.Fatalf("%v, adopting %v", err, adopting.Load())
	}
	if n, err := EndOrphans(); n != 0 || err != nil {
		t.Errorf("%d ended, %v", n, err)
	}
	if stat, err := readStat(pid); err != nil || stat.kind() != spec.ChildAlive {
		t.Errorf("the child of another is %v, %v", fmt.Sprint(stat.kind()), err)
	}
}

func forkSleeper() (int, error) {
	p, err := os.StartProcess("/bin/sleep", []string{"sleep", "1000"}, &os.ProcAttr{})
	if err != nil {
		return 0, err
	}
	return p.Pid, nil
}
