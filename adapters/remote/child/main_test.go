//go:build linux

package child

import (
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/adapters/remote/internal/proc"
	"github.com/mpcheck/mpcheck/adapters/remote/internal/proctest"
)

// The test binary is its own helper child.
func TestMain(m *testing.M) {
	proc.Play(map[string]func([]string) int{"child": Main, ProgramWord: ProgramMain})
	os.Exit(proctest.Run(m))
}

func TestChildRefusesMisuse(t *testing.T) {
	for _, c := range []struct {
		args string
		want string
	}{
		{"child", "want mpcheck child --control SOCKET --token TOKEN"},
		{"child --control /nowhere/socket --token 1", "connecting to the harness"},
		{"child-program", "want mpcheck child-program PATH"},
		{"child-program /nowhere/child-1 x", "connecting to the harness"},
	} {
		command := proctest.Self(t, strings.Fields(c.args)...)
		out, err := exec.Command(command[0], command[1:]...).CombinedOutput()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != proc.ExitUsage || !strings.Contains(string(out), c.want) {
			t.Errorf("mpcheck %s: %v, %s; want status %d and %q", c.args, err, out, proc.ExitUsage, c.want)
		}
	}
}
