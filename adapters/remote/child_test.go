//go:build linux

package remote

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
	"golang.org/x/sys/unix"
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

// do calls an operation and returns its outcome as text.
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

func TestChildExits(t *testing.T) {
	b := newBench(t)
	for _, c := range []struct{ code, status int }{{0, 0}, {7, 7}, {255, 255}, {300, 44}, {-1, 255}} {
		k := b.kid()
		k.tell("t", "exit", c.code)
		k.await(":zombie", "zombie")
		k.await(":zombie", "ended")
		b.want(fmt.Sprintf(":zombie, %d, %d", unix.Getpgrp(), os.Getpid()), "pid-state", k.pid())
		if got := k.end(); got.ExitStatus() != c.status {
			t.Errorf("exit %d: status %d, want %d", c.code, got.ExitStatus(), c.status)
		}
		k.await(":absent", "absent")
		k.await(":absent", "ended")
		k.await(":absent", "zombie")  // too late, and says so
		k.await(":absent", "stopped") // likewise
		k.await(":absent", "signal")  // likewise
		b.want(":absent, nil, nil", "pid-state", k.pid())
		b.wantError("child-error", "has ended", "child-tell", k.ref, spec.Keyword("argv"))
	}
}

func TestChildDies(t *testing.T) {
	b := newBench(t)
	for _, sig := range []syscall.Signal{1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 13, 14, 15, 27, 31, 64} {
		k := b.kid()
		k.tell("t", "die", int(sig))
		k.await(":zombie", "ended")
		if got := k.end(); got.Signal() != sig || got.CoreDump() {
			t.Errorf("die %d: %x", sig, got)
		}
	}
	k := b.kid()
	b.wantError("child-error", "there is no signal 65", "child-tell", k.ref, spec.Keyword("die"), 65)
	// A signal that ends nobody leaves it as it was.
	k.tell("t", "die", int(unix.SIGCHLD))
	k.tell("t", "report-signals")
	k.tell("t", "die", int(unix.SIGTERM))
	if got := k.end(); got.Signal() != unix.SIGTERM {
		t.Errorf("die 15 with signals caught: %x", got)
	}
}

// A signal that the parent left blocked ends the child all the same.
func TestChildDiesOfBlockedSignal(t *testing.T) {
	b := newBench(t)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var set, old unix.Sigset_t
	set.Val[0] = 1 << (unix.SIGUSR1 - 1)
	if err := unix.PthreadSigmask(unix.SIG_BLOCK, &set, &old); err != nil {
		t.Fatal(err)
	}
	k := b.kid(noShell)
	if err := unix.PthreadSigmask(unix.SIG_SETMASK, &old, nil); err != nil {
		t.Fatal(err)
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", k.pid()))
	if err != nil || !strings.Contains(string(status), "SigBlk:\t0000000000000200") {
		t.Errorf("SIGUSR1 isn't blocked in the child: %v, %s", err, status)
	}
	k.tell("t", "die", int(unix.SIGUSR1))
	if got := k.end(); got.Signal() != unix.SIGUSR1 {
		t.Errorf("die 10: %x", got)
	}
}

// A signal from outside acts on a helper child as on any program.
func TestChildHasDefaultSignals(t *testing.T) {
	b := newBench(t)
	for _, sig := range []syscall.Signal{unix.SIGQUIT, unix.SIGUSR1, unix.SIGSEGV, unix.SIGPROF, unix.SIGALRM} {
		k := b.kid()
		k.tell("t", "kill", int(sig))
		if got := k.end(); got.Signal() != sig {
			t.Errorf("killed by %d: %x", sig, got)
		}
	}
}

func TestChildStops(t *testing.T) {
	b := newBench(t)
	k := b.kid()
	k.tell("t", "stop")
	k.await(":stopped", "stopped")
	b.want(fmt.Sprintf(":stopped, %d, %d", unix.Getpgrp(), os.Getpid()), "pid-state", k.pid())
	// It can't answer now; its late answer isn't taken for that to the next command.
	b.control.SetLimit(1)
	b.wantError("timeout", "is process", "child-tell", k.ref, spec.Keyword("argv"))
	b.wantError("timeout", "stopped", "child-await", k.ref, spec.Keyword("ended"))
	b.control.SetLimit(spec.DefaultWatchdog)
	k.tell("t", "kill", int(unix.SIGCONT))
	k.tell(fmt.Sprint(k.pid()), "own-group")
	k.tell("t", "exit", 0)
	k.end()
}

func TestChildJoinsGroups(t *testing.T) {
	b := newBench(t)
	leader, other := b.kid(), b.kid()
	b.want(fmt.Sprintf(":alive, %d, %d", unix.Getpgrp(), os.Getpid()), "pid-state", leader.pid())
	group := fmt.Sprint(leader.pid())
	leader.tell(group, "own-group")
	other.tell(group, "join-group", leader.pid())
	b.want(":alive, "+group+", "+fmt.Sprint(os.Getpid()), "pid-state", other.pid())
	b.wantError("child-error", "setpgid(0, 1)", "child-tell", other.ref, spec.Keyword("join-group"), 1)
}

func TestChildTellsHowItWasStarted(t *testing.T) {
	b := newBench(t)
	k := b.kid(func(cmd *exec.Cmd) {
		// Twice the same name, which Go would drop, and what the child's own runtime uses.
		cmd.Env = []string{"PATH=/bin:/usr/bin", "PWD=/", "A=one two", "GODEBUG=x=1", "EMPTY="}
	}, noShell)
	k.tell(`("PATH=/bin:/usr/bin" "PWD=/" "A=one two" "GODEBUG=x=1" "EMPTY=")`, "environ")
	k.tell(fmt.Sprintf(`("%s" "child" "--control" "%s" "--token" "child-1")`, b.control.self, b.control.socket), "argv")
}

func TestChildWithoutEnvironment(t *testing.T) {
	b := newBench(t)
	ref, command := b.prepare()
	k := &kid{ref: ref, b: b, cmd: &exec.Cmd{Path: b.control.self, Args: strings.Fields(command)[1:]}}
	pid, err := syscall.ForkExec(k.cmd.Path, k.cmd.Args, &syscall.ProcAttr{Files: []uintptr{0, 1, 2}})
	if err != nil {
		t.Fatal(err)
	}
	b.want(fmt.Sprint(pid), "child-await", ref, spec.Keyword("ready"))
	k.tell("nil", "environ")
	k.tell("t", "exit", 1)
	collect(t, pid)
}

func TestChildReportsSignals(t *testing.T) {
	b := newBench(t)
	k, silent := b.kid(), b.kid()
	k.tell("t", "report-signals")
	silent.tell("t", "report-signals")
	for sig := 1; sig <= lastSignal; sig++ {
		switch syscall.Signal(sig) {
		case unix.SIGKILL, unix.SIGSTOP, unix.SIGPROF, 32, 33, 34:
			continue
		}
		if err := unix.Kill(k.pid(), syscall.Signal(sig)); err != nil {
			t.Fatal(err)
		}
		k.await(fmt.Sprint(sig), "signal")
	}
	for _, k := range []*kid{k, silent} {
		k.tell("t", "exit", 0)
		k.await(":zombie", "signal") // no other was reported
		k.end()
	}
}

func TestChildIgnoresSignal(t *testing.T) {
	b := newBench(t)
	k := b.kid()
	k.tell("t", "ignore", int(unix.SIGTERM))
	k.tell("t", "kill", int(unix.SIGTERM))
	k.tell("t", "echo", "still here")
	b.wantError("child-error", "signal 9", "child-tell", k.ref, spec.Keyword("ignore"), 9)
	k.tell("t", "exit", 0)
	if k.end(); k.stdout.String() != "still here" {
		t.Errorf("output %q", k.stdout.String())
	}
}

func TestChildWrites(t *testing.T) {
	b := newBench(t)
	k := b.kid()
	k.tell("t", "echo", "one\n")
	k.tell("t", "echo", "two", spec.Keyword("stdout"))
	k.tell("t", "echo", "three", spec.Keyword("stderr"))
	k.tell("t", "flood", 1_000_001)
	k.tell("t", "flood", 70, spec.Keyword("stderr"))
	k.tell("t", "flood", 0)
	k.tell("t", "exit", 0)
	k.end()
	want := "one\ntwo" + strings.Repeat(floodLine, 1_000_001/64) + floodLine[:1_000_001%64]
	if k.stdout.String() != want {
		t.Errorf("%d bytes on stdout, want %d and other ones", k.stdout.Len(), len(want))
	}
	if want := "three" + floodLine + floodLine[:6]; k.stderr.String() != want {
		t.Errorf("stderr %q, want %q", k.stderr.String(), want)
	}
}

// A full pipe keeps a child from nothing but its exit.
func TestChildObeysWhileItFloods(t *testing.T) {
	b := newBench(t)
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	k := b.kid(func(cmd *exec.Cmd) { cmd.Stdout = w })
	w.Close()
	k.tell("t", "flood", 10_000_000)
	k.tell(fmt.Sprint(k.pid()), "own-group")
	k.tell("t", "exit", 0)
	b.want(fmt.Sprintf(":alive, %d, %d", k.pid(), os.Getpid()), "pid-state", k.pid())
	if killed := b.control.EndSystem(b.system); killed != 1 {
		t.Errorf("killed %d children, want 1", killed)
	}
	if got := k.end(); got.Signal() != unix.SIGKILL {
		t.Errorf("ended with %x", got)
	}
}

func TestChildSpawnsGrandchild(t *testing.T) {
	b := newBench(t)
	k := b.kid()
	ret := b.do("child-tell", k.ref, spec.Keyword("spawn-grandchild"))
	grandchild, ok := ret.Primary().(spec.Ref)
	if !ok {
		t.Fatalf("spawn-grandchild: %v", ret)
	}
	pid, ok := b.do("child-await", grandchild, spec.Keyword("ready")).Primary().(spec.Int)
	if !ok {
		t.Fatal("the grandchild isn't ready")
	}
	b.want(fmt.Sprintf(":alive, %d, %d", unix.Getpgrp(), k.pid()), "pid-state", pid)
	b.want("t", "child-tell", grandchild, spec.Keyword("exit"), 5)
	b.want(":zombie", "child-await", grandchild, spec.Keyword("ended")) // its parent reaps nothing
	k.tell("t", "exit", 0)
	k.end()
	if status := collect(t, int(pid)); status.ExitStatus() != 5 {
		t.Errorf("the grandchild ended with %x", status)
	}
	b.want(":absent", "child-await", grandchild, spec.Keyword("absent"))
}

func TestChildExitsWhenHarnessHangsUp(t *testing.T) {
	b := newBench(t)
	k := b.kid()
	b.control.mu.Lock()
	h := b.control.helper["child-1"]
	b.control.mu.Unlock()
	if err := h.conn.Close(); err != nil {
		t.Fatal(err)
	}
	if got := k.end(); !got.Exited() || got.ExitStatus() != 0 {
		t.Errorf("ended with %x", got)
	}
}

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
	b.want("absent", "reap-os-subprocess")
}

func TestAwaitGivesUp(t *testing.T) {
	b := newBench(t)
	ref, _ := b.prepare()
	b.control.SetLimit(1)
	b.wantError("timeout", "has not connected", "child-await", ref, spec.Keyword("ready"))
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
