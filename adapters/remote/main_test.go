//go:build linux

package remote

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/adapters/remote/internal/proc"
	"github.com/mpcheck/mpcheck/adapters/remote/internal/proctest"
)

// The test binary plays every part: keeper and helper child as any binary that calls Main,
// and the programs below.
func TestMain(m *testing.M) {
	Main(map[string]func([]string) int{
		"tree":    treeMain,
		"probe":   probeMain,
		"harness": harnessMain,
		"odd":     oddMain,
		"serve":   serveMain,
	})
	os.Exit(proctest.Run(m))
}

func TestMainRefusesTakenWord(t *testing.T) {
	defer func() {
		if p := recover(); p == nil || !strings.Contains(fmt.Sprint(p), `"child" is taken`) {
			t.Errorf("Main with a second child: %v", p)
		}
	}()
	Main(map[string]func([]string) int{"child": nil})
}

func TestInternalCommandsRefuseMisuse(t *testing.T) {
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

// containsAll names the first of the texts that is missing.
func containsAll(err error, texts ...string) error {
	i := slices.IndexFunc(texts, func(text string) bool { return err == nil || !strings.Contains(err.Error(), text) })
	if i < 0 {
		return nil
	}
	return fmt.Errorf("%q is missing in: %v", texts[i], err)
}
