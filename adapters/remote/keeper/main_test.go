//go:build linux

package keeper_test

import (
	"errors"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/mpcheck/mpcheck/adapters/remote"
	"github.com/mpcheck/mpcheck/adapters/remote/internal/proc"
	"github.com/mpcheck/mpcheck/adapters/remote/internal/proctest"
)

// The test binary plays every part: keeper as any binary that calls remote.Main, and the programs
// below.
func TestMain(m *testing.M) {
	remote.Main(map[string]func([]string) int{
		"tree":    treeMain,
		"probe":   probeMain,
		"harness": harnessMain,
		"odd":     oddMain,
	})
	os.Exit(proctest.Run(m))
}

// kept is an adapter under a keeper.
type kept struct {
	*remote.Raw
	// end closes the lifeline and waits for the keeper; the test's end does so too.
	end func() error
}

func keep(t *testing.T, opts remote.Options) kept {
	t.Helper()
	r, err := remote.StartRaw(opts)
	if err != nil {
		t.Fatal(err)
	}
	k := kept{r, sync.OnceValue(func() error { return r.End(0) })}
	t.Cleanup(func() {
		if err := k.end(); err != nil {
			t.Error(err)
		}
	})
	return k
}

func TestKeeperRefusesMisuse(t *testing.T) {
	for _, c := range []struct {
		args string
		want string
	}{
		{"keeper", "no command"},
		{"keeper -- true", "MPCHECK_LIFELINE"},
	} {
		command := proctest.Self(t, strings.Fields(c.args)...)
		out, err := exec.Command(command[0], command[1:]...).CombinedOutput()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != proc.ExitUsage || !strings.Contains(string(out), c.want) {
			t.Errorf("mpcheck %s: %v, %s; want status %d and %q", c.args, err, out, proc.ExitUsage, c.want)
		}
	}
}
