//go:build linux

package child

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

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
	if len(ret.Values) != 3 {
		b.Fatalf("child-prepare: %v", ret)
	}
	return ret.Primary(), string(ret.Nth(1).(spec.String))
}

// a program is a helper child to be, by its program, and what it will do of itself.
type program struct {
	ref  spec.Value
	path string
	b    *bench
}

func (b *bench) program() *program {
	b.Helper()
	ret := b.do("child-prepare")
	path, ok := ret.Nth(2).(spec.String)
	if !ok {
		b.Fatalf("child-prepare: %v", ret)
	}
	return &program{ret.Primary(), string(path), b}
}

func (p *program) plan(command string, args ...any) {
	p.b.Helper()
	p.b.want("t", "child-plan", append([]any{p.ref, spec.Keyword(command)}, args...)...)
}

// start runs the program with those arguments, environment and standard files.
func (p *program) start(args, env []string, files ...*os.File) *running {
	p.b.Helper()
	var fds []uintptr
	for _, f := range files {
		fds = append(fds, f.Fd())
	}
	pid, err := syscall.ForkExec(p.path, append([]string{"any name"}, args...), &syscall.ProcAttr{Env: env, Files: fds})
	if err != nil {
		p.b.Fatal(err)
	}
	r := &running{program: p, pid: pid}
	p.b.Cleanup(func() { r.end() })
	return r
}

// running is one that runs.
type running struct {
	*program
	pid   int
	ended bool
	state unix.WaitStatus
}

func (r *running) tell(outcome, command string, args ...any) {
	r.b.Helper()
	r.b.want(outcome, "child-tell", append([]any{r.ref, spec.Keyword(command)}, args...)...)
}

func (r *running) await(outcome, event string) {
	r.b.Helper()
	r.b.want(outcome, "child-await", r.ref, spec.Keyword(event))
}

// end reaps it and returns how it ended.
func (r *running) end() unix.WaitStatus {
	if !r.ended {
		for {
			if _, err := unix.Wait4(r.pid, &r.state, 0, nil); err != unix.EINTR {
				break
			}
		}
		r.ended = true
	}
	return r.state
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
