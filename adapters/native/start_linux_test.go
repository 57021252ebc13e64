package native

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// piped are streams for all three.
func piped(more ...any) []any {
	stream := spec.Keyword("stream")
	return append([]any{key.Input(stream), key.Output(stream), key.Error(stream)}, more...)
}

// begun starts a program.
func (c *scene) begun(command spec.Value, more ...any) spec.Ref {
	c.T.Helper()
	return c.Ref(c.Start(shell, command, more...))
}

func TestStart(t *testing.T) {
	live(t, func(c *scene) {
		p := c.begun(script(`echo $$; read x; echo "got $x" >&2; exit 7`), piped()...)
		in, out, errors := c.Ref(c.ProcessInputStream(p)), c.Ref(c.ProcessOutputStream(p)), c.Ref(c.ProcessErrorStream(p))
		c.Is(c.ProcessOutputStream(p), out.String()) // the same
		c.Is(c.ProcessStatus(p), ":running, nil")
		pid := c.Must(c.ProcessId(p))
		c.Is(c.StreamReadLine(out), spec.String(pid.String()).String())
		c.StreamWrite(in, "a line\n")
		c.Is(c.StreamReadLine(errors), `"got a line"`)
		c.Is(c.StreamReadLine(errors), "nil")
		c.Is(c.StreamReadLine(out), "nil")
		c.Is(c.awaitEnd(p), ":exited, 7")
		c.Is(c.ProcessStatus(p), ":exited, 7")
		c.Is(c.ProcessId(p), pid.String())
		c.Is(c.ProcessP(p), "t")
		c.Fails(c.SignalProcess(p, 9), "simple-error")
		c.Fails(c.StreamWrite(in, "x"), "stream-error")
		for _, other := range []any{3, "x", nil, in, c.Must(c.GetCurrentProcess()), pid} {
			c.Is(c.ProcessP(other), "nil")
			c.Fails(c.ProcessStatus(other), "type-error")
			c.Fails(c.ProcessId(other), "type-error")
			c.Fails(c.SignalProcess(other, 9), "type-error")
			c.Fails(c.ProcessInputStream(other), "type-error")
		}
		for _, x := range []spec.Ref{in, out, errors} {
			c.Is(c.StreamClose(x), "t")
			c.Is(c.StreamClose(x), "t")
		}
		c.Fails(c.StreamReadLine(out), "stream-error")
		quiet := c.begun(script("exit 0"), silent()...)
		for _, none := range []spec.Return{c.ProcessInputStream(quiet), c.ProcessOutputStream(quiet), c.ProcessErrorStream(quiet)} {
			c.Is(none, "nil")
		}
		c.Is(c.awaitEnd(quiet), ":exited, 0")
		merged := c.begun(script("echo e >&2"), key.Output(spec.Keyword("stream")), key.Error(spec.Keyword("output")))
		c.Is(c.ProcessErrorStream(merged), "nil")
		c.Is(c.StreamReadLine(c.Ref(c.ProcessOutputStream(merged))), `"e"`)
		c.Is(c.awaitEnd(merged), ":exited, 0")
	})
}

// Closing the input is the end of file for who reads it.
func TestClosedInput(t *testing.T) {
	live(t, func(c *scene) {
		p := c.begun(script("cat"), piped()...)
		c.StreamWrite(c.Ref(c.ProcessInputStream(p)), "x")
		c.StreamClose(c.Ref(c.ProcessInputStream(p)))
		c.Is(c.StreamReadLine(c.Ref(c.ProcessOutputStream(p))), `"x"`)
		c.Is(c.awaitEnd(p), ":exited, 0")
	})
}

// Streams of Lisp that are no files: what comes is carried, as it comes.
func TestStartWithStrings(t *testing.T) {
	live(t, func(c *scene) {
		out := c.Ref(c.MakeStringOutputStream())
		p := c.begun(script("cat; exit 3"), key.Input(c.Ref(c.MakeStringInputStream("ü\n"))), key.Output(out))
		c.Is(c.awaitEnd(p), ":exited, 3")
		var text string
		for text != "ü\n" {
			text += string(c.Must(c.GetOutputStreamString(out)).(spec.String))
			runtime.Gosched()
		}
		// The output of one program is the input of another.
		first := c.begun(script("echo one; echo two"), key.Output(spec.Keyword("stream")))
		from := c.Ref(c.ProcessOutputStream(first))
		c.Is(c.StreamReadLine(from), `"one"`)
		if got := c.wrote(script("cat"), key.Input(from)); got != "two\n" {
			t.Errorf("the second program got %q", got)
		}
		second := c.begun(script("read x; echo $x$x"), piped()...)
		c.Is(c.Run(shell, script("echo ab"), key.Output(c.Ref(c.ProcessInputStream(second)))), ":exited, 0")
		c.Is(c.StreamReadLine(c.Ref(c.ProcessOutputStream(second))), `"abab"`)
		c.Is(c.awaitEnd(first), ":exited, 0")
		c.Is(c.awaitEnd(second), ":exited, 0")
	})
}

func TestStatusOfStopped(t *testing.T) {
	live(t, func(c *scene) {
		p := c.begun(script("read x"), piped()...)
		for range 20 {
			c.Is(c.SignalProcess(p, int(syscall.SIGSTOP)), "t")
			c.awaitStatus(p, ":stopped, 19")
			c.Is(c.SignalProcess(p, int(syscall.SIGCONT)), "t")
			c.awaitStatus(p, ":running, nil")
		}
		c.Is(c.SignalProcess(p, spec.Keyword("killed")), "t")
		c.awaitStatus(p, ":signaled, 9")
	})
}

func (c *scene) awaitStatus(p spec.Ref, want string) {
	c.T.Helper()
	for c.ProcessStatus(p).String() != want {
		c.Pause(spec.Double(0.001))
	}
}

func TestSignals(t *testing.T) {
	live(t, func(c *scene) {
		mapping, _ := spec.Items(c.Must(c.SignalMapping()))
		for _, entry := range mapping {
			pair := entry.(spec.List)
			number := int(pair.Dotted.(spec.Int))
			command := fmt.Sprintf("trap 'echo caught' %d; echo ready; read x; read x", number)
			if number == 9 {
				command = "echo ready; read x"
			}
			p := c.begun(script(command), piped()...)
			out := c.Ref(c.ProcessOutputStream(p))
			c.Is(c.StreamReadLine(out), `"ready"`)
			c.Is(c.SignalProcess(p, pair.Items[0]), "t")
			if number == 9 {
				c.Is(c.awaitEnd(p), ":signaled, 9")
				continue
			}
			c.StreamClose(c.Ref(c.ProcessInputStream(p)))
			c.Is(c.StreamReadLine(out), `"caught"`)
			c.awaitEnd(p)
		}
		if len(mapping) != 14 {
			t.Errorf("%d signals have names", len(mapping))
		}
		p := c.begun(script("exec cat"), piped()...)
		c.Is(c.SignalProcess(p, 0), "t")
		c.Fails(c.SignalProcess(p, 999), "simple-error")
		c.Fails(c.SignalProcess(p, -1), "simple-error")
		for _, wrong := range []any{1 << 40, spec.Keyword("term"), spec.Keyword("stop"), "9", nil} {
			c.Fails(c.SignalProcess(p, wrong), "type-error")
		}
		c.Is(c.SignalProcess(p, 15), "t")
		c.Is(c.awaitEnd(p), ":signaled, 15")
	})
}

// A hook is called on a thread that is no process, and sees the change.
func TestHook(t *testing.T) {
	live(t, func(c *scene) {
		var log notes
		seen := c.Ref(c.MakeCell(nil))
		hook := c.Function(func(c *scene, args []spec.Value) {
			status := c.ProcessStatus(args[0])
			log.Add("%d %v %s %v", len(args), args[0], status, spec.ProcessOf(c.Frame))
			log.Add("%s", c.GetCurrentProcess())
			c.Fails(c.CurrentProcessKill(), "simple-error")
			c.CellSet(seen, status.Primary())
		})
		p := c.begun(script("read x; exit 3"), piped(key.StatusHook(hook))...)
		c.Is(c.SignalProcess(p, int(syscall.SIGSTOP)), "t")
		c.Is(c.Await(spec.CellIs(seen, spec.Keyword("stopped")), nil), "t")
		c.Is(c.SignalProcess(p, int(syscall.SIGCONT)), "t")
		c.Is(c.Await(spec.CellIs(seen, spec.Keyword("running")), nil), "t")
		c.StreamClose(c.Ref(c.ProcessInputStream(p)))
		c.Is(c.Await(spec.CellIs(seen, spec.Keyword("exited")), nil), "t")
		for range 10 {
			c.Is(c.ProcessStatus(p), ":exited, 3")
		}
		log.Are(t, fmt.Sprintf("1 %v :stopped, 19 <nil>", p), "nil", fmt.Sprintf("1 %v :running, nil <nil>", p), "nil",
			fmt.Sprintf("1 %v :exited, 3 <nil>", p), "nil")
		c.Fails(c.Start(shell, script("exit 0"), key.StatusHook("x")), "type-error")
		c.Is(c.awaitEnd(c.begun(script("exit 4"), key.StatusHook(nil))), ":exited, 4")
	})
}

// A hook that hears of the end again for each question may ask itself: that is none of these questions.
func TestRepeatedHookAsks(t *testing.T) {
	takingLive(t, []string{"hook-repeats-end"}, func(c *scene) {
		var calls atomic.Int64
		hook := c.Function(func(c *scene, args []spec.Value) {
			ask := c.Code(func(c *scene, _ []spec.Value) { c.Is(c.ProcessStatus(args[0]), ":exited, 3") })
			c.UnwindProtect(ask, ask)
			calls.Add(1)
		})
		p := c.begun(script("exit 3"), piped(key.StatusHook(hook))...)
		c.awaitEnd(p)
		questions := int64(1)
		for ; calls.Load() < 20; questions++ {
			c.ProcessStatus(p)
			c.Pause(spec.Double(0.001))
		}
		if got := calls.Load(); got > questions+1 {
			t.Errorf("after %d questions the hook was called %d times", questions, got)
		}
	})
}

// An error in a hook reaches nobody, and what it waits for is left when the system closes.
func TestHookThatFailsOrWaits(t *testing.T) {
	var log notes
	s := open(t, spec.SystemConfig{})
	err := s.Run(func(f spec.Frame) {
		c := on(f, t, s)
		ran := c.Ref(c.MakeCell(0))
		fails := c.Function(func(c *scene, _ []spec.Value) {
			c.CellSet(ran, 1)
			c.SignalError("in the hook")
		})
		p := c.begun(script("exit 1"), key.StatusHook(fails))
		c.Is(c.Await(spec.CellIs(ran, 1), nil), "t")
		c.Is(c.awaitEnd(p), ":exited, 1")
		waits := c.Function(func(c *scene, _ []spec.Value) {
			c.CellSet(ran, 2)
			log.Add("%s", c.GateWait(c.Ref(c.MakeGate())))
		})
		c.begun(script("exit 2"), key.StatusHook(waits))
		c.Is(c.Await(spec.CellIs(ran, 2), nil), "t")
	})
	if left := closed(t, s); err != nil || left != (spec.Leftover{}) {
		t.Errorf("%v, left %+v", err, left)
	}
	log.Are(t, "gone")
}

// Reaping and programs don't take each other's children, whichever way they are asked for.
func TestProgramsAreNotReaped(t *testing.T) {
	live(t, func(c *scene) {
		var going sync.WaitGroup
		for i := range 4 {
			p := c.Spawn(func(c *scene) {
				for n := range 10 {
					c.Is(c.Run(shell, script(fmt.Sprintf("exit %d", i*10+n)), silent()...), fmt.Sprintf(":exited, %d", i*10+n))
					q := c.begun(script(fmt.Sprintf("exit %d", n)), silent()...)
					c.Is(c.awaitEnd(q), fmt.Sprintf(":exited, %d", n))
				}
				going.Done()
			})
			going.Add(1)
			defer c.ProcessJoin(p)
		}
		for n := range 20 {
			pid := c.start(fmt.Sprintf("exit %d", n))
			c.Is(c.ReapOsSubprocess(key.Wait(true)), fmt.Sprintf("%d, %d, nil", n, pid))
			c.Is(c.ReapOsSubprocess(noWait()), "nil, nil, nil")
		}
		p := c.begun(script("read x"), piped()...)
		pid := c.Must(c.ProcessId(p))
		c.Is(c.ReapOsSubprocess(noWait()), "nil, nil, nil")
		c.Is(c.ReapOsSubprocess(key.Pid(pid)), "nil, nil, nil")
		c.SignalProcess(p, 9)
		for !strings.Contains("Z", pidState(int(pid.(spec.Int)))) {
			runtime.Gosched()
		}
		c.Is(c.ReapOsSubprocess(key.Pid(pid)), "nil, nil, nil")
		c.Is(c.awaitEnd(p), ":signaled, 9")
		going.Wait()
	})
}

// Whose number it has now isn't signalled: no signal is sent once the end was collected.
func TestManyEnds(t *testing.T) {
	live(t, func(c *scene) {
		for range 50 {
			p := c.begun(script("exit 0"), silent()...)
			for c.SignalProcess(p, 0).Status == spec.Returned {
				runtime.Gosched()
			}
			c.Is(c.ProcessStatus(p), ":exited, 0")
		}
	})
}

// A killed process leaves nothing of what it ran, whatever it waits for in it.
func TestKilledInRun(t *testing.T) {
	live(t, func(c *scene) {
		f := c.files()
		pipe := newPipe(t)
		fifo, other := f.path("fifo"), f.path("other")
		for _, path := range []string{fifo, other} {
			if err := syscall.Mkfifo(path, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		before := descriptors(t)
		quiet := c.begun(script("exec sleep 1000"), piped()...) // it reads nothing
		silence := c.Ref(c.ProcessOutputStream(quiet))
		for name, call := range map[string]func(c *scene) spec.Return{
			"the end":      func(c *scene) spec.Return { return c.Run(shell, script("read x"), key.Input(pipe.path)) },
			"a named pipe": func(c *scene) spec.Return { return c.Run(shell, script("exit 0"), key.Input(fifo)) },
			"its input": func(c *scene) spec.Return {
				return c.Run(shell, script("read x"), key.Input(silence), key.Output(c.Ref(c.MakeStringOutputStream())))
			},
			"a reader": func(c *scene) spec.Return {
				return c.Run(shell, script("exec yes"), key.Output(c.Ref(c.ProcessInputStream(quiet))))
			},
			"to open": func(c *scene) spec.Return { return c.OpenFileStream(other, spec.Keyword("input")) },
			"a line":  func(c *scene) spec.Return { return c.StreamReadLine(silence) },
			"room": func(c *scene) spec.Return {
				return c.StreamWrite(c.Ref(c.ProcessInputStream(quiet)), strings.Repeat("x", 1<<20))
			},
		} {
			var log notes
			p := c.Spawn(func(c *scene) { log.Add("%s", call(c)) })
			c.awaitBlocked(p)
			c.ProcessKill(p)
			c.Is(c.ProcessJoin(p), "t")
			log.Are(t, "gone")
			c.sys.Lock()
			if n := len(c.sys.children); n != 1 {
				t.Errorf("killed waiting for %s: %d children are there", name, n-1)
			}
			c.sys.Unlock()
		}
		c.SignalProcess(quiet, 9)
		c.awaitEnd(quiet)
		c.StreamClose(silence)
		c.StreamClose(c.Ref(c.ProcessInputStream(quiet)))
		c.StreamClose(c.Ref(c.ProcessErrorStream(quiet)))
		for len(descriptors(t)) > len(before) {
			c.Pause(spec.Double(0.001))
		}
	})
}

// descriptors are those that this program has open.
func descriptors(t *testing.T) []string {
	t.Helper()
	names, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	var open []string
	for _, name := range names {
		if to, err := os.Readlink("/proc/self/fd/" + name.Name()); err == nil { // else it was for reading this
			open = append(open, name.Name()+" "+to)
		}
	}
	return open
}

// What a system leaves running is ended when it closes, and nothing of it stays open.
func TestCloseEndsPrograms(t *testing.T) {
	before := descriptors(t)
	s := open(t, spec.SystemConfig{})
	var pids []int
	err := s.Run(func(f spec.Frame) {
		c := on(f, t, s)
		pipe := newPipe(t)
		defer pipe.end()
		for _, more := range [][]any{piped(), {key.Input(pipe.path), key.Output(c.Ref(c.MakeStringOutputStream()))}} {
			p := c.begun(script("trap '' TERM HUP; read x; sleep 1000"), more...)
			pids = append(pids, int(c.Must(c.ProcessId(p)).(spec.Int)))
		}
		c.SignalProcess(c.begun(script("read x"), piped()...), int(syscall.SIGSTOP))
		c.Spawn(func(c *scene) { c.Run(shell, script("exec cat"), key.Input(pipe.path)) })
		c.Spawn(func(c *scene) {
			c.StreamReadLine(c.Ref(c.ProcessOutputStream(c.begun(script("exec cat"), piped()...))))
		})
		c.OpenFileStream("/dev/null", spec.Keyword("input"))
	})
	if left := closed(t, s); err != nil || left.Unclean || left.Children < 3 {
		t.Errorf("%v, left %+v", err, left)
	}
	for _, pid := range pids {
		if state := pidState(pid); state != "" {
			t.Errorf("program %d is %q", pid, state)
		}
	}
	if after := descriptors(t); len(after) > len(before) {
		t.Errorf("the descriptors %q are open, before %q", after, before)
	}
}

// A grandchild that has the output doesn't keep run from returning, with all that the program wrote.
func TestGrandchildDoesNotHoldRun(t *testing.T) {
	live(t, func(c *scene) {
		pipe := newPipe(t)
		out := c.Ref(c.MakeStringOutputStream())
		c.Is(c.Run(shell, script("exec 3<&0; (read x <&3; echo late) & head -c 200000 /dev/zero | tr '\\0' x"), key.Input(pipe.path), key.Output(out)), ":exited, 0")
		if got := c.Must(c.GetOutputStreamString(out)).(spec.String); len(got) != 200_000 {
			t.Errorf("%d bytes are there, want 200000", len(got))
		}
		pipe.end()
		var late strings.Builder
		for late.String() != "late\n" {
			late.WriteString(string(c.Must(c.GetOutputStreamString(out)).(spec.String)))
			runtime.Gosched()
		}
		// To an end of file on a stream it does keep.
		other := newPipe(t)
		p := c.begun(script("exec 3<&0; (read x <&3; echo later) & echo first"), key.Input(other.path), key.Output(spec.Keyword("stream")))
		stream := c.Ref(c.ProcessOutputStream(p))
		c.Is(c.awaitEnd(p), ":exited, 0")
		c.Is(c.StreamReadLine(stream), `"first"`)
		other.end()
		c.Is(c.StreamReadLine(stream), `"later"`)
		c.Is(c.StreamReadLine(stream), "nil")
	})
}
