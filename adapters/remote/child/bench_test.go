//go:build linux

package child

import (
	"bytes"
	"fmt"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
)

// bench is a Control and what a test does with it, in the place of a system under test.
type bench struct {
	*testing.T
	control *Control
	system  string
}

func newBench(t *testing.T) *bench {
	t.Helper()
	control, err := NewControl()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := control.Close(); err != nil {
			t.Error(err)
		}
	})
	return &bench{t, control, "s1"}
}

// do calls an operation of the harness.
func (b *bench) do(op string, args ...any) spec.Return {
	b.Helper()
	return b.control.Do(b.Context(), b.system, spec.NewCall(op, nil, args...))
}

// want calls an operation whose outcome is known.
func (b *bench) want(outcome, op string, args ...any) {
	b.Helper()
	if got := b.do(op, args...); got.String() != outcome {
		b.Errorf("%v: %v, want %s", spec.NewCall(op, nil, args...), got, outcome)
	}
}

func (b *bench) wantError(kind, text, op string, args ...any) {
	b.Helper()
	got := b.do(op, args...)
	if got.Status != spec.Signalled || got.Condition.Type != kind || !strings.Contains(got.Condition.Message, text) {
		b.Errorf("%v: %v, want an error of type %s with %q", spec.NewCall(op, nil, args...), got, kind, text)
	}
}

// a kid is a helper child started by a shell command, as a system under test does.
type kid struct {
	ref            spec.Value
	cmd            *exec.Cmd
	stdout, stderr bytes.Buffer
	b              *bench
}

func (b *bench) prepare() (spec.Value, string) {
	b.Helper()
	ret := b.do("child-prepare")
	if len(ret.Values) != 2 {
		b.Fatalf("child-prepare: %v", ret)
	}
	return ret.Primary(), string(ret.Nth(1).(spec.String))
}

// kid starts a helper child; setup, where given, changes how.
func (b *bench) kid(setup ...func(*exec.Cmd)) *kid {
	b.Helper()
	ref, command := b.prepare()
	k := &kid{ref: ref, b: b, cmd: exec.Command("/bin/sh", "-c", command)}
	k.cmd.Stdout, k.cmd.Stderr = &k.stdout, &k.stderr
	for _, s := range setup {
		s(k.cmd)
	}
	if err := k.cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if k.cmd.ProcessState == nil {
			_ = k.cmd.Process.Kill()
			_ = k.cmd.Wait()
		}
	})
	b.want(fmt.Sprint(k.pid()), "child-await", ref, spec.Keyword("ready"))
	return k
}

// noShell runs a child's command without the shell, which has its own ideas of signals and
// environment.
func noShell(cmd *exec.Cmd) {
	words := strings.Fields(cmd.Args[2])
	cmd.Path, cmd.Args = words[1], words[1:]
}

func (k *kid) pid() int { return k.cmd.Process.Pid }

func (k *kid) tell(outcome, command string, args ...any) {
	k.b.Helper()
	k.b.want(outcome, "child-tell", append([]any{k.ref, spec.Keyword(command)}, args...)...)
}

func (k *kid) await(outcome, event string) {
	k.b.Helper()
	k.b.want(outcome, "child-await", k.ref, spec.Keyword(event))
}

// end reaps the child and returns how it ended.
func (k *kid) end() syscall.WaitStatus {
	_ = k.cmd.Wait()
	return k.cmd.ProcessState.Sys().(syscall.WaitStatus)
}
