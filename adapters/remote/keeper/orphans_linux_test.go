package keeper

import (
	"fmt"
	"os"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/mpcheck/mpcheck/adapters/remote/internal/proc"
	"github.com/mpcheck/mpcheck/spec"
)

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
	if stat, err := proc.ReadStat(pid); err != nil || stat.Kind() != spec.ChildAlive {
		t.Errorf("the child of another is %v, %v", fmt.Sprint(stat.Kind()), err)
	}
}

func forkSleeper() (int, error) {
	p, err := os.StartProcess("/bin/sleep", []string{"sleep", "1000"}, &os.ProcAttr{})
	if err != nil {
		return 0, err
	}
	return p.Pid, nil
}
