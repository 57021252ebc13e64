package native

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// What a program that was started with more files open than three keeps for itself.
func TestInheritedDescriptorStaysHere(t *testing.T) {
	null, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), "NATIVE_TEST_CHILD=starts-one")
	child.ExtraFiles = []*os.File{null, null} // 3 and 4
	out, err := child.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if strings.Contains(string(out), "-> /dev/null") || !strings.Contains(string(out), "1 -> pipe") {
		t.Errorf("a program has the descriptors\n%s", out)
	}
}

// startsOne has a program tell which descriptors it has.
func startsOne() string {
	out := &textOutput{}
	l := &launch{program: "/bin/sh", args: []string{"-c", "ls -l /proc/self/fd <&-"}, given: make(chan struct{}), decide: &decisions{}}
	l.redirect[1].given, l.redirect[2].given = out, out
	if l.start(); l.err != nil {
		return l.err.Error()
	}
	for _, p := range l.pumps {
		p.run()
	}
	reap(l.pid)
	return string(out.take())
}

// A program that can't be executed is found, and all is made for it: nothing of that stays open.
func TestFailedStartLeavesNothing(t *testing.T) {
	live(t, func(c *scene) {
		f := c.files()
		garbage := f.put("garbage", "\x00\x01\x02")
		if err := os.Chmod(garbage, 0o700); err != nil {
			t.Fatal(err)
		}
		before := descriptors(t)
		in, out := c.Ref(c.MakeStringInputStream("x")), c.Ref(c.MakeStringOutputStream())
		for _, more := range [][]any{piped(), {key.Input(in), key.Output(out), key.Error(f.path("err"))}} {
			if got := c.Start(garbage, nil, more...); got.Status != spec.Signalled {
				t.Errorf("starting garbage: %s", got)
			}
		}
		if after := descriptors(t); len(after) > len(before) {
			t.Errorf("the descriptors %q are open, before %q", after, before)
		}
		c.Is(c.ReapOsSubprocess(key.Wait(false)), "nil, nil, nil")
	})
}

// What was started for a process that is killed before it learns of it is ended, and nothing of it stays.
func TestAbandonedLeavesNothing(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	before := descriptors(t)
	l := &launch{program: "/bin/sleep", args: []string{"1000"}, given: make(chan struct{}), decide: &decisions{}}
	l.redirect[0].given, l.redirect[1].fresh, l.redirect[2].given = &textInput{}, true, &textOutput{}
	if l.start(); l.err != nil {
		t.Fatal(l.err)
	}
	if open := descriptors(t); len(open) != len(before)+3 {
		t.Errorf("the descriptors %q are open, before %q", open, before)
	}
	l.abandon()
	if state := pidState(l.pid); state != "" {
		t.Errorf("the program is %q", state)
	}
	if after := descriptors(t); len(after) > len(before) {
		t.Errorf("the descriptors %q are open, before %q", after, before)
	}
}

// Once a program has ended nothing is open that only it needed, whether or not garbage is collected.
func TestEndedProgramsLeaveNothing(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	live(t, func(c *scene) {
		f := c.files()
		before := descriptors(t)
		in := func() spec.Value { return c.Ref(c.MakeStringInputStream("text")) }
		out := c.Ref(c.MakeStringOutputStream())
		c.Is(c.Run("/bin/cat", nil, key.Input(in()), key.Output(out), key.Error(out)), ":exited, 0")
		c.Is(c.Run("/bin/cat", nil, key.Input(f.put("in", "text")), key.Output(f.path("out")), key.Error(f.path("err"))), ":exited, 0")
		c.Is(c.Run("/bin/true", nil, key.Input(in()), key.Output(out), key.Error(nil)), ":exited, 0") // reads nothing
		c.Is(c.awaitEnd(c.begun(script("cat"), key.Input(in()), key.Output(out), key.Error(spec.Keyword("output")))), ":exited, 0")
		for len(descriptors(t)) > len(before) { // The end of a pipe is noticed a moment later.
			c.Pause(spec.Double(0.001))
		}
	})
}

// A program that has ended before anybody knows of it is seen to have ended all the same, though no more signal comes.
func TestEndsBeforeItIsKnown(t *testing.T) {
	for _, way := range []string{"run", "start"} {
		live(t, func(c *scene) {
			pipe := newPipe(t)
			gate := c.files().path("gate") // where the program can't be started yet
			if err := syscall.Mkfifo(gate, 0o600); err != nil {
				t.Fatal(err)
			}
			called := c.Ref(c.MakeGate())
			hook := c.Function(func(c *scene, args []spec.Value) {
				if c.ProcessStatus(args[0]).Primary() == spec.Value(spec.Keyword("exited")) {
					c.GateOpen(called)
				}
			})
			p := c.Spawn(func(c *scene) {
				command := script("echo $$ >&2; exit 7")
				if way == "run" {
					c.Is(c.Run(shell, command, key.Input(gate), key.Output(nil), key.Error(pipe.path), key.IfErrorExists(spec.Keyword("append"))), ":exited, 7")
					return
				}
				c.begun(command, key.Input(gate), key.Output(nil), key.Error(pipe.path), key.IfErrorExists(spec.Keyword("append")), key.StatusHook(hook))
				c.Must(c.GateWait(called))
			})
			c.awaitBlocked(p)
			c.sys.Lock() // now nobody can learn of the program
			signals := make(chan os.Signal, 1)
			signal.Notify(signals, syscall.SIGCHLD)
			opened, err := os.OpenFile(gate, os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			told, err := os.OpenFile(pipe.path, os.O_RDWR, 0)
			if err != nil {
				t.Fatal(err)
			}
			var pid int
			if _, err := fmt.Fscan(told, &pid); err != nil {
				t.Fatal(err)
			}
			awaitZombie(t, pid)
			<-signals // and not in somebody's way any more
			signal.Stop(signals)
			c.sys.Unlock()
			c.Is(c.ProcessJoin(p), "t")
			opened.Close()
			told.Close()
		})
	}
}

// Where somebody else has taken a program's end nobody waits for it for ever, and what has become of it is an error.
func TestTakenEnd(t *testing.T) {
	live(t, func(c *scene) {
		runs := c.Spawn(func(c *scene) {
			c.Fails(c.Run("/bin/sleep", spec.NewList(spec.String("1000")), silent()...), "simple-error")
		})
		c.until(func() bool { return c.taken() })
		c.Is(c.ProcessJoin(runs), "t")
		p := c.Ref(c.Start("/bin/sleep", spec.NewList(spec.String("1000")), silent()...))
		c.taken()
		for range 2 {
			c.Fails(c.ProcessStatus(p), "simple-error")
			c.Fails(c.SignalProcess(p, 0), "simple-error")
		}
		c.Is(c.ProcessP(p), "t")
	})
}

// taken ends the program that runs, if there is one, and takes its end.
func (c *scene) taken() bool {
	c.sys.Lock()
	defer c.sys.Unlock()
	if len(c.sys.programs) == 0 {
		return false
	}
	pid := c.sys.programs[0].child.pid
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		c.T.Error(err)
	}
	reap(pid)
	return true
}
