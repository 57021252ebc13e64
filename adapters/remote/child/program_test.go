//go:build linux

package child

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/mpcheck/mpcheck/spec"
)

// null is a file for children that read and write nothing.
func null(t *testing.T) *os.File {
	t.Helper()
	f, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

// pipe is closed at the test's end where it isn't before.
func pipe(t *testing.T) (r, w *os.File) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = r.Close(), w.Close() })
	return r, w
}

// A program gets the arguments that it is given, whatever a shell or an option parser would make of them, and
// tells them and its environment also once it has ended.
func TestProgramTellsArguments(t *testing.T) {
	b := newBench(t)
	n := null(t)
	args := []string{"a b", "$HOME", "`", "'", "", "\n", "-c", "--token", "FOO=bar", "\xff\xfe", strings.Repeat("x", 100<<10)}
	for i := range 1000 {
		args = append(args, fmt.Sprint(i))
	}
	p := b.program()
	p.plan("exit", 7)
	k := p.start(args, []string{"A=1", "A=2", "GODEBUG=x=1", "B=\xff"}, n, n, n)
	if got := k.end(); got.ExitStatus() != 7 {
		t.Errorf("ended with %x, want status 7", got)
	}
	want := make([]spec.Value, len(args))
	for i, arg := range args {
		want[i] = spec.String([]rune(arg))
	}
	k.tell(spec.NewList(want...).String(), "argv")
	k.tell("(\"A=1\" \"A=2\" \"GODEBUG=x=1\" \"B=\ufffd\")", "environ")
	k.tell(`""`, "input")
	b.wantError("child-error", "has ended", "child-tell", k.ref, spec.Keyword("echo"), "x")
	// Without an environment, and without arguments.
	p = b.program()
	k = p.start(nil, nil, n, n, n)
	k.tell("nil", "argv")
	k.tell("nil", "environ")
	k.tell("t", "exit", 0)
	k.end()
}

func TestProgramOfLongPath(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a b", strings.Repeat("x", 100))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	binary := filepath.Join(dir, "binary")
	if err := os.Symlink(self, binary); err != nil {
		t.Fatal(err)
	}
	path, err := writeProgram(t.TempDir(), binary)
	if err != nil {
		t.Fatal(err)
	}
	b := newBench(t)
	b.control.program = path
	p := b.program()
	p.plan("exit", 3)
	n := null(t)
	if got := p.start(nil, nil, n, n, n).end(); got.ExitStatus() != 3 {
		t.Errorf("ended with %x, want status 3", got)
	}
}

func TestNoProgramRuns(t *testing.T) {
	b := newBench(t)
	b.control.program = ""
	b.wantError(spec.OutOfResources, "mounted noexec", "child-prepare")
}

// What is planned happens in order, before anything else; without an exit the child then obeys.
func TestPlan(t *testing.T) {
	b := newBench(t)
	in, w := pipe(t)
	r, out := pipe(t)
	p := b.program()
	p.plan("read", 5)
	p.plan("echo", "five\n")
	p.plan("copy", 3)
	p.plan("close", spec.Keyword("stderr"))
	p.plan("pause", spec.Double(0.001))
	p.plan("flood", 64)
	k := p.start(nil, nil, in, out, null(t))
	k.await(fmt.Sprint(k.pid), "ready")
	b.wantError("child-error", "runs already", "child-plan", p.ref, spec.Keyword("exit"), 1)
	fmt.Fprint(w, "12345abcd")
	text := make([]byte, 5+3+64)
	if _, err := io.ReadFull(r, text); err != nil || string(text) != "five\nabc"+floodLine {
		t.Errorf("wrote %q, %v", text, err)
	}
	k.tell(`"12345"`, "input")
	if _, err := os.Stat(fmt.Sprintf("/proc/%d/fd/2", k.pid)); err == nil {
		t.Error("its standard error is still open")
	}
	k.tell("t", "read", 1)
	k.tell("t", "read")
	w.Close()
	k.tell("t", "exit-after", 4, 0)
	k.await(":zombie", "ended")
	if got := k.end(); got.ExitStatus() != 4 {
		t.Errorf("ended with %x, want status 4", got)
	}
}

// A step that is over shows at once in what the harness knows.
func TestPlannedInputIsRecorded(t *testing.T) {
	b := newBench(t)
	in, w := pipe(t)
	p := b.program()
	p.plan("read")
	p.plan("exit", 0)
	k := p.start(nil, nil, in, null(t), null(t))
	in.Close()
	text := strings.Repeat("much\n", 100_000)
	fmt.Fprint(w, text, "\xff")
	w.Close()
	k.await(":zombie", "ended")
	k.tell(spec.String(text+"\ufffd").String(), "input")
	k.end()
	k.tell(spec.String(text+"\ufffd").String(), "input")
}

// By its plan alone a child ends, or stops, in whatever way.
func TestPlannedEnds(t *testing.T) {
	b := newBench(t)
	n := null(t)
	p := b.program()
	p.plan("die", 15)
	if got := p.start(nil, nil, n, n, n).end(); got.Signal() != unix.SIGTERM {
		t.Errorf("ended with %x, want signal 15", got)
	}
	r, out := pipe(t)
	p = b.program()
	p.plan("stop")
	p.plan("echo", "on")
	p.plan("ignore", 15)
	p.plan("exit-after", 5, 0)
	k := p.start(nil, nil, n, out, n)
	out.Close()
	k.await(":stopped", "stopped")
	k.tell("t", "kill", int(unix.SIGCONT))
	if text, err := io.ReadAll(r); err != nil || string(text) != "on" {
		t.Errorf("wrote %q, %v", text, err)
	}
	if got := k.end(); got.ExitStatus() != 5 {
		t.Errorf("ended with %x, want status 5", got)
	}
	// A step that can't be done ends it, and is told.
	p = b.program()
	p.plan("ignore", 9)
	k = p.start(nil, nil, n, n, n)
	if got := k.end(); got.ExitStatus() != 1 {
		t.Errorf("ended with %x, want status 1", got)
	}
	b.wantError("child-error", "the planned step :ignore", "child-tell", k.ref, spec.Keyword("echo"), "x")
}

func TestPlanAfterAnother(t *testing.T) {
	b := newBench(t)
	n := null(t)
	first, second := b.program(), b.program()
	b.wantError("child-error", "doesn't run yet", "child-plan", second.ref, spec.Keyword("exit-after"), 3, 0, first.ref)
	k := first.start(nil, nil, n, n, n)
	k.await(fmt.Sprint(k.pid), "ready")
	second.plan("exit-after", 3, 0, first.ref)
	after := second.start(nil, nil, n, n, n)
	k.tell("t", "exit", 0)
	k.await(":zombie", "ended")
	if got := after.end(); got.ExitStatus() != 3 {
		t.Errorf("ended with %x, want status 3", got)
	}
}

// Copying what is told goes on while the child obeys, and reads no more than was asked.
func TestCopy(t *testing.T) {
	b := newBench(t)
	in, w := pipe(t)
	r, out := pipe(t)
	k := b.program().start(nil, nil, in, out, null(t))
	out.Close()
	k.tell("t", "read", 2)
	k.tell("t", "copy", 3)
	k.tell("t", "copy")
	fmt.Fprint(w, "ab123xyz")
	text := make([]byte, 6)
	if _, err := io.ReadFull(r, text); err != nil || string(text) != "123xyz" {
		t.Errorf("wrote %q, %v", text, err)
	}
	k.tell(`"ab"`, "input")
	// More than pipes hold, both ways.
	const size = 3 << 20
	go func() {
		_, _ = w.Write(make([]byte, size))
		w.Close()
	}()
	if n, err := io.CopyN(io.Discard, r, size); err != nil {
		t.Errorf("copied %d bytes: %v", n, err)
	}
	k.tell("t", "exit", 0)
	if rest, err := io.ReadAll(r); err != nil || len(rest) > 0 {
		t.Errorf("%d more bytes, %v", len(rest), err)
	}
	k.end()
}

// A stream that is closed is so also while something waits for it: whoever writes learns of it.
func TestCloseStreams(t *testing.T) {
	b := newBench(t)
	in, w := pipe(t)
	r, out := pipe(t)
	k := b.program().start(nil, nil, in, out, null(t))
	in.Close()
	out.Close()
	k.tell("t", "copy")
	k.tell("t", "close", spec.Keyword("stdin"))
	if _, err := w.Write([]byte("x")); err == nil {
		t.Error("what nobody can read was written")
	}
	b.wantError("child-error", "closing descriptor 0", "child-tell", k.ref, spec.Keyword("close"), spec.Keyword("stdin"))
	k.tell("t", "echo", "last")
	k.tell("t", "close", spec.Keyword("stdout"))
	if text, err := io.ReadAll(r); err != nil || string(text) != "last" {
		t.Errorf("wrote %q, %v", text, err)
	}
	k.tell(fmt.Sprint(k.pid), "own-group")
	k.tell("t", "exit", 0)
	k.end()
}

// An end of file comes when the grandchild has gone too; what its parent has closed it doesn't get.
func TestGrandchildHoldsOutput(t *testing.T) {
	b := newBench(t)
	n := null(t)
	r, out := pipe(t)
	k := b.program().start(nil, nil, n, out, n)
	out.Close()
	k.tell("t", "close", spec.Keyword("stderr"))
	grandchild := b.do("child-tell", k.ref, spec.Keyword("spawn-grandchild")).Primary()
	pid, ok := b.do("child-await", grandchild, spec.Keyword("ready")).Primary().(spec.Int)
	if !ok {
		t.Fatal("the grandchild isn't ready")
	}
	k.tell("t", "exit", 0)
	k.end()
	b.want("t", "child-tell", grandchild, spec.Keyword("echo"), "still")
	b.want("t", "child-tell", grandchild, spec.Keyword("exit"), 0)
	if text, err := io.ReadAll(r); err != nil || string(text) != "still" {
		t.Errorf("wrote %q, %v", text, err)
	}
	_, _ = unix.Wait4(int(pid), nil, 0, nil)
}
