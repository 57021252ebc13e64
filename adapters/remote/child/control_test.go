//go:build linux

package child

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
	"golang.org/x/sys/unix"
)

func TestSystemEndsItsChildren(t *testing.T) {
	b := newBench(t)
	k, ended := b.kid(), b.kid()
	late, command := b.prepare()
	ended.tell("t", "exit", 0)
	ended.await(":zombie", "zombie")
	k.tell("t", "stop")
	k.await(":stopped", "stopped")
	if killed := b.control.EndSystem("another"); killed != 0 {
		t.Errorf("another system had %d children", killed)
	}
	if killed := b.control.EndSystem(b.system); killed != 1 {
		t.Errorf("killed %d children, want the one that was stopped", killed)
	}
	if got := k.end(); got.Signal() != unix.SIGKILL {
		t.Errorf("ended with %x", got)
	}
	ended.end()
	b.wantError("type-error", "not a helper child", "child-tell", k.ref, spec.Keyword("argv"))
	b.wantError("type-error", "not a helper child", "child-await", late, spec.Keyword("ready"))
	// One that is started too late is turned away.
	if out, err := exec.Command("/bin/sh", "-c", command).CombinedOutput(); err != nil {
		t.Errorf("a late child: %v, %s", err, out)
	}
}

func TestChildrenBelongToTheirSystem(t *testing.T) {
	b := newBench(t)
	ref, _ := b.prepare()
	b.system = "s2"
	b.wantError("type-error", "of this system", "child-await", ref, spec.Keyword("ready"))
}

// Who has called and says nothing holds up neither the other children nor the end.
func TestSilentConnectionEndsWithControl(t *testing.T) {
	control, err := NewControl()
	if err != nil {
		t.Fatal(err)
	}
	silent, err := net.Dial("unix", control.Socket())
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	if err := control.Close(); err != nil {
		t.Error(err)
	}
	if _, err := silent.Read(make([]byte, 1)); err == nil {
		t.Error("the connection is open still")
	}
}

func TestChildStartedTwice(t *testing.T) {
	b := newBench(t)
	k := b.kid()
	if out, err := exec.Command("/bin/sh", "-c", "exec "+strings.Join(k.cmd.Args[2:], " ")[len("exec "):]).CombinedOutput(); err != nil {
		t.Errorf("the second: %v, %s", err, out)
	}
	b.wantError("child-error", "was started twice", "child-await", k.ref, spec.Keyword("zombie"))
}

func TestControlRefusesNonsense(t *testing.T) {
	b := newBench(t)
	k := b.kid()
	for _, c := range []struct {
		op   string
		args []any
		text string
	}{
		{"child-tell", []any{}, "not a helper child"},
		{"child-plan", []any{}, "not a helper child"},
		{"child-plan", []any{k.ref, spec.Keyword("kill"), 9}, ":kill is no step of a plan"},
		{"child-plan", []any{k.ref, spec.Keyword("argv")}, ":argv is no step of a plan"},
		{"child-plan", []any{k.ref, spec.Keyword("exit")}, ":exit wants an integer"},
		{"child-tell", []any{k.ref, spec.Keyword("close"), 1}, ":close wants :stdin, :stdout or :stderr"},
		{"file-prepare", []any{3}, "3 is no string"},
		{"file-text", []any{k.ref}, "no file of this system"},
		{"standard-file", []any{spec.Keyword("stdin")}, "no standard stream"},
		{"child-tell", []any{k.ref}, "unknown command nil"},
		{"child-tell", []any{k.ref, "exit"}, `unknown command "exit"`},
		{"child-tell", []any{k.ref, spec.Keyword("jump")}, "unknown command :jump"},
		{"child-tell", []any{k.ref, spec.Keyword("exit")}, ":exit wants an integer"},
		{"child-tell", []any{k.ref, spec.Keyword("exit"), 1 << 40}, ":exit wants an integer of 32 bits"},
		{"child-tell", []any{k.ref, spec.Keyword("exit"), 1, 2}, "too many arguments"},
		{"child-tell", []any{k.ref, spec.Keyword("echo"), 1}, ":echo wants a string"},
		{"child-tell", []any{k.ref, spec.Keyword("echo"), "x", spec.Keyword("stdin")}, ":stdout or :stderr"},
		{"child-await", []any{k.ref, spec.Keyword("dead")}, "unknown event :dead"},
		{"pid-state", []any{"1"}, "no process id"},
	} {
		b.wantError("type-error", c.text, c.op, c.args...)
	}
	b.wantError("child-error", "can't write -1 bytes", "child-tell", k.ref, spec.Keyword("flood"), -1)
	b.wantError("child-error", "can't read -1 bytes", "child-tell", k.ref, spec.Keyword("read"), -1)
	b.wantError("child-error", "can't read -1 bytes", "child-tell", k.ref, spec.Keyword("copy"), -1)
	b.wantError("child-error", "runs already", "child-plan", k.ref, spec.Keyword("exit"), 1)
	b.wantError(spec.OutOfResources, "the harness didn't start it", "standard-file", spec.Keyword("input"))
	b.want("absent", "reap-os-subprocess")
}

func TestAwaitGivesUp(t *testing.T) {
	b := newBench(t)
	ref, _ := b.prepare()
	b.control.SetLimit(1)
	b.wantError("timeout", "has not connected, and is not there", "child-await", ref, spec.Keyword("ready"))
	b.wantError("timeout", "has not connected", "child-tell", ref, spec.Keyword("kill"), 9)
	b.control.SetLimit(spec.DefaultWatchdog)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	call := spec.NewCall("child-await", nil, ref, spec.Keyword("ready"))
	if got := b.control.Do(ctx, b.system, call); got.Status != spec.Aborted {
		t.Errorf("%v with a cancelled context: %v", call, got)
	}
	b.control.mu.Lock()
	h := b.control.helper["child-1"]
	b.control.mu.Unlock()
	done := make(chan spec.Return)
	go func() { done <- b.do("child-await", ref, spec.Keyword("ready")) }()
	h.end() // what EndSystem does, but the reference stays known to a call not yet begun
	if got := <-done; got.Status != spec.Signalled || !strings.Contains(got.Condition.Message, "has ended") {
		t.Errorf("%v when its system ends: %v", call, got)
	}
}

// Of a child that has not come it is said whether it was started at all.
func TestAwaitSaysWhatBecameOfTheChild(t *testing.T) {
	b := newBench(t)
	ref, _ := b.prepare()
	program := b.program()
	b.control.SetLimit(1)
	stuck := func(args ...string) {
		cmd := exec.Command("/bin/sh", append([]string{"-c", "read x"}, args...)...)
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _, _ = in.Close(), cmd.Wait() })
	}
	b.wantError("timeout", "has not connected, and is not there", "child-await", ref, spec.Keyword("ready"))
	stuck("child", "--control", b.control.Socket(), "--token", ref.(spec.Ref).ID)
	stuck(program.path)
	b.wantError("timeout", "has not connected, but runs", "child-await", ref, spec.Keyword("ready"))
	b.wantError("timeout", "has not connected, but runs", "child-await", program.ref, spec.Keyword("ready"))
}

func TestPidStateSurvivesNames(t *testing.T) {
	b := newBench(t)
	for _, name := range []string{"x) (y", ") R 1 1", "(((", "a\nb) Z"} {
		link := filepath.Join(t.TempDir(), name)
		if err := os.Symlink("/bin/cat", link); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(link)
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", cmd.Process.Pid))
		if err != nil || !strings.Contains(string(text), "("+name+")") {
			t.Errorf("its name is not %q: %s, %v", name, text, err)
		}
		b.want(fmt.Sprintf(":alive, %d, %d", unix.Getpgrp(), os.Getpid()), "pid-state", cmd.Process.Pid)
		_ = in.Close()
		_ = cmd.Wait()
		b.want(":absent, nil, nil", "pid-state", cmd.Process.Pid)
	}
	b.want(":absent, nil, nil", "pid-state", 0)
	b.want(":absent, nil, nil", "pid-state", -1)
}

func TestShellQuote(t *testing.T) {
	for _, text := range []string{"/usr/bin/mpcheck", "a b", "it's", `$x"\`, ""} {
		out, err := exec.Command("/bin/sh", "-c", "printf %s "+shellQuote(text)).Output()
		if err != nil || string(out) != text {
			t.Errorf("%q quoted is %s: a shell makes %q of it, %v", text, shellQuote(text), out, err)
		}
	}
}

// A long TMPDIR must not make the socket's path too long.
func TestShortTempDir(t *testing.T) {
	long := filepath.Join(t.TempDir(), strings.Repeat("x", 90))
	if err := os.Mkdir(long, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", long)
	control, err := NewControl()
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(control.dir)
	if err != nil || info.Mode().Perm() != 0o700 || len(control.socket) > socketPathMax {
		t.Errorf("%s: %v, %v", control.socket, info, err)
	}
	if err := control.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(control.dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%s after Close: %v", control.dir, err)
	}
}
