package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// lonely is a user of whom nothing else runs, other tests of this kind included.
var lonely = uint32(100_000 + os.Getpid())

// limited runs this program as a user that may have so many processes and threads.
func limited(t *testing.T, tasks int, args ...string) (code int, text string) {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("only root can run something as another user")
	}
	dir, err := os.MkdirTemp("", "mpcheck-tasks-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "mpcheck") // by that name it is no test
	if err := errors.Join(os.WriteFile(path, program, 0o755), os.Chmod(dir, 0o755)); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	script := fmt.Sprintf(`ulimit -u %d; exec "$0" "$@"`, tasks)
	cmd := exec.CommandContext(ctx, "bash", append([]string{"-c", script, path}, args...)...)
	cmd.Dir, cmd.Env = "/", append(os.Environ(), "HOME=/", "TMPDIR=/tmp")
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: lonely, Gid: lonely}}
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err = cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Skip("no bash, or no other user: ", err)
	}
	return cmd.ProcessState.ExitCode(), out.String()
}

// Where a user may have few processes a run says so, instead of ending in a runtime's stacks with the exit
// code of wrong usage; smoke blames no adapter for it.
func TestFewProcesses(t *testing.T) {
	for _, args := range [][]string{
		{"run", "--select", "MBOX-READ-1"},
		{"fuzz", "--programs", "1"},
		{"smoke", "--", "sh", "-c", "cat <&3"},
	} {
		code, text := limited(t, 30, args...)
		if code != exitUndecided || !strings.Contains(text, "of the 30 of ulimit -u are there") || strings.Contains(text, "goroutine") {
			t.Errorf("%v: exit code %d\n%s", args, code, text)
		}
	}
	if code, text := limited(t, 70, "run", "--select", "MBOX-READ-1"); code != 0 {
		t.Errorf("enough for one adapter: exit code %d\n%s", code, text)
	}
}

// A case that takes more children than there may be is not applicable, and never a failure.
func TestTooFewProcessesForACase(t *testing.T) {
	code, text := limited(t, 130, "run", "--jobs", "1", "--select", "REAP-ZOMB-4/many", "--select", "REAP-SIG-1")
	if code != 0 || !strings.Contains(text, "1 not applicable: the machine gives less than the case needs: (child-prepare) signalled out-of-resources: a helper child takes") {
		t.Errorf("exit code %d\n%s", code, text)
	}
}
