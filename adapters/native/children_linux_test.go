package native

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/mpcheck/mpcheck/spec"
	"github.com/mpcheck/mpcheck/spec/key"
)

// stays is a command that runs until its standard input ends, then exits with code.
func stays(code int) string { return fmt.Sprintf("read x; exit %d", code) }

// pipe is a named pipe for the standard input of children, held open by the test.
type pipe struct {
	path string
	end  func()
}

func newPipe(t *testing.T) pipe {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	p := pipe{path, sync.OnceFunc(func() { f.Close() })}
	t.Cleanup(p.end)
	return p
}

// start runs a command without waiting and returns its pid.
func (c *scene) start(command string, more ...any) int {
	c.T.Helper()
	got := c.RunShellCommand(command, append(more, noWait())...)
	pid, ok := got.Nth(2).(spec.Int)
	if !ok || got.Nth(0) != (spec.Nil{}) || got.Nth(1) != (spec.Nil{}) {
		c.T.Fatalf("run-shell-command :wait nil: got %s, want nil, nil and a pid", got)
	}
	return int(pid)
}

// role runs the test binary as a child.
func (c *scene) role(role string, more ...any) int {
	c.T.Helper()
	return c.start(fmt.Sprintf("NATIVE_TEST_CHILD=%s exec %s", role, os.Args[0]), more...)
}

// awaitZombie waits until the child has ended, without reaping it.
func awaitZombie(t *testing.T, pids ...int) {
	t.Helper()
	for _, pid := range pids {
		for {
			err := unix.Waitid(unix.P_PID, pid, nil, unix.WEXITED|unix.WNOWAIT, nil)
			if err == nil {
				break
			}
			if err != unix.EINTR {
				t.Fatalf("waiting for child %d to end: %v", pid, err)
			}
		}
		if state := pidState(pid); state != "Z" {
			t.Errorf("child %d is %q, want a zombie", pid, state)
		}
	}
}

// pidState is the state letter in /proc, "" for a process that isn't there.
func pidState(pid int) string {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return ""
	}
	_, rest, _ := bytes.Cut(stat, []byte(") "))
	return string(rest[:1])
}

// awaitBlocked waits until a process waits in an operation.
func (c *scene) awaitBlocked(p spec.Ref) {
	for {
		c.sys.Lock()
		q := c.sys.Object(p).(*process)
		blocked := q.IsBlocked()
		c.sys.Unlock()
		if blocked {
			return
		}
		runtime.Gosched()
	}
}

func TestReap(t *testing.T) {
	live(t, func(c *scene) {
		c.Is(c.ReapOsSubprocess(), "nil, nil, nil")
		c.Is(c.ReapOsSubprocess(noWait()), "nil, nil, nil")
		for _, code := range []int{0, 1, 7, 255} {
			pid := c.start(fmt.Sprintf("exit %d", code))
			awaitZombie(t, pid)
			wait := code%2 == 0
			c.Is(c.ReapOsSubprocess(key.Wait(wait)), fmt.Sprintf("%d, %d, nil", code, pid))
			if state := pidState(pid); state != "" {
				t.Errorf("child %d is %q after it was reaped", pid, state)
			}
			c.Is(c.ReapOsSubprocess(key.Pid(pid)), "nil, nil, nil")
			c.Is(c.ReapOsSubprocess(key.Pid(pid), noWait()), "nil, nil, nil")
		}
	})
}

func TestReapSignalled(t *testing.T) {
	live(t, func(c *scene) {
		pid := c.start("kill -9 $$")
		c.Is(c.ReapOsSubprocess(), fmt.Sprintf("9, %d, 9", pid))
	})
}

// Low eight bits of the exit argument survive (REAP-STAT-2).
func TestReapExitArgument(t *testing.T) {
	live(t, func(c *scene) {
		pid := c.role("300")
		c.Is(c.ReapOsSubprocess(), fmt.Sprintf("44, %d, nil", pid))
	})
}

func TestReapRunning(t *testing.T) {
	live(t, func(c *scene) {
		p := newPipe(t)
		pid := c.start(stays(3), key.Input(p.path))
		c.Is(c.ReapOsSubprocess(noWait()), "nil, -1, nil")
		c.Is(c.ReapOsSubprocess(key.Pid(-1), noWait()), "nil, -1, nil")
		c.Is(c.ReapOsSubprocess(key.Pid(0), noWait()), "nil, 0, nil")
		c.Is(c.ReapOsSubprocess(key.Pid(pid), noWait()), fmt.Sprintf("nil, %d, nil", pid))
		syscall.Kill(pid, syscall.SIGSTOP)
		for pidState(pid) != "T" {
			runtime.Gosched()
		}
		c.Is(c.ReapOsSubprocess(key.Pid(pid), noWait()), fmt.Sprintf("nil, %d, nil", pid))
		syscall.Kill(pid, syscall.SIGCONT)
		p.end()
		c.Is(c.ReapOsSubprocess(key.Wait(1)), fmt.Sprintf("3, %d, nil", pid))
	})
}

func TestReapSelects(t *testing.T) {
	live(t, func(c *scene) {
		mine, other, more := c.start("exit 1"), newPipe(t), c.start("exit 2")
		awaitZombie(t, mine, more)
		group := c.role("own-group", key.Input(other.path))
		for {
			if g, _ := syscall.Getpgid(group); g == group {
				break
			}
			runtime.Gosched()
		}
		c.Is(c.ReapOsSubprocess(key.Pid(more)), fmt.Sprintf("2, %d, nil", more))
		if state := pidState(mine); state != "Z" {
			t.Errorf("the child not asked for is %q", state)
		}
		c.Is(c.ReapOsSubprocess(key.Pid(0), noWait()), fmt.Sprintf("1, %d, nil", mine))
		c.Is(c.ReapOsSubprocess(key.Pid(0), noWait()), "nil, nil, nil")
		c.Is(c.ReapOsSubprocess(key.Pid(0)), "nil, nil, nil")
		c.Is(c.ReapOsSubprocess(key.Pid(-group), noWait()), fmt.Sprintf("nil, -%d, nil", group))
		c.Is(c.ReapOsSubprocess(key.Pid(-group-1), noWait()), "nil, nil, nil")
		other.end()
		awaitZombie(t, group)
		c.Is(c.ReapOsSubprocess(key.Pid(0), noWait()), "nil, nil, nil")
		c.Is(c.ReapOsSubprocess(key.Pid(-group)), fmt.Sprintf("5, %d, nil", group))
	})
}

// What is no child is not considered (REAP-NONE-2).
func TestReapStrangers(t *testing.T) {
	live(t, func(c *scene) {
		p := newPipe(t)
		file := filepath.Join(t.TempDir(), "pid")
		pid := c.role("parent", key.Input(p.path), key.Output(spec.Pathname(file)))
		grandchild := 0
		for grandchild == 0 {
			text, _ := os.ReadFile(file)
			if line, _, whole := strings.Cut(string(text), "\n"); whole {
				grandchild, _ = strconv.Atoi(line)
			}
			runtime.Gosched()
		}
		huge, _ := spec.ParseInt("99999999999999999999")
		for _, stranger := range []any{1, os.Getppid(), os.Getpid(), grandchild, 1 << 30, 1 << 40, -1 << 63, huge} {
			c.Is(c.ReapOsSubprocess(key.Pid(stranger)), "nil, nil, nil")
			c.Is(c.ReapOsSubprocess(key.Pid(stranger), noWait()), "nil, nil, nil")
		}
		for _, bad := range []any{"1", nil, spec.Double(-1), true} {
			c.Fails(c.ReapOsSubprocess(key.Pid(bad)), "type-error")
		}
		c.Fails(c.Do(spec.NewCall("reap-os-subprocess", nil, -1)), "program-error")
		p.end()
		c.Is(c.ReapOsSubprocess(), fmt.Sprintf("0, %d, nil", pid))
	})
}

// The call is waitpid, which knows nothing of who started a child: one of the same program
// that somebody else started is reported too (REAP-SCOPE-1). Only while a program is being started, or runs, it isn't.
func TestReapTakesAnyChild(t *testing.T) {
	live(t, func(c *scene) {
		gate := c.files().path("gate")
		if err := syscall.Mkfifo(gate, 0o600); err != nil {
			t.Fatal(err)
		}
		for name, before := range map[string]func(){
			"nothing":               func() {},
			"a program":             func() { c.Is(c.Run("/bin/true", nil, silent()...), ":exited, 0") },
			"one that is not there": func() { c.Fails(c.Run("/no/such/program", nil, silent()...), "file-error") },
			"one that was given up": func() { c.killedIn(func(c *scene) { c.Run("/bin/true", nil, key.Input(gate)) }) },
			"one of which to ask":   func() { c.Is(c.awaitEnd(c.begun(script("exit 3"), silent()...)), ":exited, 3") },
			"a killed run's program": func() {
				c.killedIn(func(c *scene) { c.Run("/bin/sleep", spec.NewList(spec.String("1000")), silent()...) })
			},
		} {
			before()
			pid, err := syscall.ForkExec("/bin/sh", []string{"sh", "-c", "exit 9"}, &syscall.ProcAttr{})
			if err != nil {
				t.Fatal(err)
			}
			awaitZombie(t, pid)
			got := c.ReapOsSubprocess(noWait())
			for ; got.String() == "nil, -1, nil" || got.String() == "nil, nil, nil"; got = c.ReapOsSubprocess(noWait()) {
				c.Pause(spec.Double(0.001)) // What was given up is still being cleared away.
			}
			if want := fmt.Sprintf("9, %d, nil", pid); got.String() != want {
				t.Errorf("after %s: %s, want %s", name, got, want)
			}
			c.Is(c.ReapOsSubprocess(key.Pid(pid)), "nil, nil, nil")
		}
	})
}

// killedIn kills a process once it waits.
func (c *scene) killedIn(do func(c *scene)) {
	c.T.Helper()
	p := c.Spawn(do)
	c.awaitBlocked(p)
	c.ProcessKill(p)
	c.Is(c.ProcessJoin(p), "t")
}

// A child that somebody else has reaped is no child any more.
func TestReapTakenChild(t *testing.T) {
	live(t, func(c *scene) {
		pid := c.start("exit 1")
		if _, err := syscall.Wait4(pid, nil, 0, nil); err != nil {
			t.Fatal(err)
		}
		c.Is(c.ReapOsSubprocess(noWait()), "nil, nil, nil")
		c.Is(c.ReapOsSubprocess(), "nil, nil, nil")
	})
}

// A waiting call gets the child that it considers, not another that ends first, and while
// it waits the other processes run (REAP-SEL-5, REAP-WAIT-1, -2).
func TestReapWaits(t *testing.T) {
	live(t, func(c *scene) {
		var log notes
		a, b := newPipe(t), newPipe(t)
		first, second := c.start(stays(1), key.Input(a.path)), c.start(stays(2), key.Input(b.path))
		p := c.Spawn(func(c *scene) { log.Add("%s", c.ReapOsSubprocess(key.Pid(second))) })
		c.awaitBlocked(p)
		a.end()
		awaitZombie(t, first)
		c.awaitBlocked(p)
		log.Are(t)
		b.end()
		c.Is(c.ProcessJoin(p), "t")
		log.Are(t, fmt.Sprintf("2, %d, nil", second))
		c.Is(c.ReapOsSubprocess(), fmt.Sprintf("1, %d, nil", first))
	})
}

// One that waits for any child gets a child that is started later, and only one of two
// gets the last: the other is told that there is none.
func TestReapWaitsForLaterChild(t *testing.T) {
	live(t, func(c *scene) {
		var log notes
		a := newPipe(t)
		first := c.start(stays(1), key.Input(a.path))
		reaper := func() spec.Ref {
			p := c.Spawn(func(c *scene) { log.Add("%s", c.ReapOsSubprocess()) })
			c.awaitBlocked(p)
			return p
		}
		p, q, r := reaper(), reaper(), reaper()
		second := c.start("exit 2")
		a.end()
		for _, x := range []spec.Ref{p, q, r} {
			c.Is(c.ProcessJoin(x), "t")
		}
		log.AreSorted(t, fmt.Sprintf("1, %d, nil", first), fmt.Sprintf("2, %d, nil", second), "nil, nil, nil")
	})
}

// Each of many children is reported once, to one of several callers (REAP-CONC-1).
func TestReapConcurrently(t *testing.T) {
	live(t, func(c *scene) {
		const children = 50
		var log notes
		var want []string
		gate := c.Ref(c.MakeGate())
		var reapers []spec.Ref
		for i := range children {
			want = append(want, fmt.Sprintf("%d, %d, nil", i, c.start(fmt.Sprintf("exit %d", i))))
		}
		for i := range 4 {
			reapers = append(reapers, c.Spawn(func(c *scene) {
				c.GateWait(gate)
				for {
					got := c.ReapOsSubprocess(key.Wait(i%2 == 0))
					if spec.Truth(got.Primary()) {
						log.Add("%s", got)
					} else if !spec.Truth(got.Nth(1)) {
						return
					}
				}
			}))
		}
		c.GateOpen(gate)
		for _, p := range reapers {
			c.Is(c.ProcessJoin(p), "t")
		}
		slices.Sort(want)
		log.AreSorted(t, want...)
	})
}

func TestRunShellCommand(t *testing.T) {
	live(t, func(c *scene) {
		dir := t.TempDir()
		in, out, errors := filepath.Join(dir, "in"), filepath.Join(dir, "out"), filepath.Join(dir, "errors")
		if err := os.WriteFile(in, []byte("hello\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		c.Is(c.RunShellCommand("exit 7"), "7")
		c.Is(c.RunShellCommand("exit 0", key.Wait(true)), "0")
		c.Is(c.RunShellCommand("kill -15 $$"), "143")
		c.Is(c.RunShellCommand("cat; read x && exit 1; echo oops >&2", key.Input(spec.Pathname(in)), key.Output(out),
			key.ErrorOutput(c.Must(c.New(spec.Keyword("string"), errors)))), "0")
		for file, want := range map[string]string{out: "hello\n", errors: "oops\n"} {
			if got, _ := os.ReadFile(file); string(got) != want {
				t.Errorf("%s holds %q, want %q", filepath.Base(file), got, want)
			}
		}
		c.Is(c.RunShellCommand("x=$(readlink /proc/$$/fd/0 /proc/$$/fd/1 /proc/$$/fd/2); echo \"$x\" >"+out), "0")
		if got, _ := os.ReadFile(out); string(got) != "/dev/null\n/dev/null\n/dev/null\n" {
			t.Errorf("by default the three streams are %q", got)
		}
		c.Is(c.ReapOsSubprocess(noWait()), "nil, nil, nil")

		stream := spec.Keyword("stream")
		for _, k := range []func(any) spec.Key{key.Input, key.Output, key.ErrorOutput} {
			c.Fails(c.RunShellCommand("exit 0", k(stream)), "program-error")
			c.Is(c.RunShellCommand("exit 0", k(stream), noWait()), "absent")
			c.Fails(c.RunShellCommand("exit 0", k(7)), "type-error")
			c.Fails(c.RunShellCommand("exit 0", k(filepath.Join(dir, "none", "file"))), "file-error")
		}
		c.Is(c.RunShellCommand("exit 0", key.SeparateStreams(true)), "absent")
		c.Fails(c.RunShellCommand(7), "type-error")
		c.Is(c.ReapOsSubprocess(noWait()), "nil, nil, nil")
	})
}

// A command that is waited for is none of reap-os-subprocess's children.
func TestWaitedCommandIsNotReaped(t *testing.T) {
	live(t, func(c *scene) {
		var log notes
		a := newPipe(t)
		p := c.Spawn(func(c *scene) { log.Add("%s", c.RunShellCommand(stays(4), key.Input(a.path))) })
		c.awaitBlocked(p)
		c.Is(c.ReapOsSubprocess(), "nil, nil, nil")
		c.Is(c.ReapOsSubprocess(noWait()), "nil, nil, nil")
		pid := c.sys.children[0].pid
		c.Is(c.ReapOsSubprocess(key.Pid(pid)), "nil, nil, nil")
		a.end()
		c.Is(c.ProcessJoin(p), "t")
		log.Are(t, "4")
	})
}

func TestChildrenKillWakes(t *testing.T) {
	live(t, func(c *scene) {
		var log notes
		a, b := newPipe(t), newPipe(t)
		pid := c.start(stays(1), key.Input(a.path))
		p := c.Spawn(func(c *scene) { log.Add("%s", c.ReapOsSubprocess()) })
		q := c.Spawn(func(c *scene) { log.Add("%s", c.RunShellCommand(stays(2), key.Input(b.path))) })
		for _, x := range []spec.Ref{p, q} {
			c.awaitBlocked(x)
			c.ProcessKill(x)
			c.Is(c.ProcessJoin(x), "t")
		}
		log.Are(t, "gone", "gone")

		// The killed caller took nothing; the command's child is collected when it ends.
		a.end()
		awaitZombie(t, pid)
		c.Is(c.ReapOsSubprocess(), fmt.Sprintf("1, %d, nil", pid))
		b.end()
		for c.childrenLeft() > 0 {
			runtime.Gosched()
		}
	})
}

func (c *scene) childrenLeft() int {
	c.sys.Lock()
	defer c.sys.Unlock()
	return len(c.sys.children)
}

func TestChildrenAbortWakes(t *testing.T) {
	for name, call := range map[string]func(c *scene) spec.Return{
		"reap-os-subprocess": func(c *scene) spec.Return { return c.ReapOsSubprocess() },
		"run-shell-command":  func(c *scene) spec.Return { return c.RunShellCommand("exec sleep 1000") },
	} {
		t.Run(name, func(t *testing.T) {
			var log notes
			s := open(t, spec.SystemConfig{})
			var pid int
			s.Run(func(f spec.Frame) {
				c := on(f, t, s)
				self := c.Ref(c.GetCurrentProcess())
				pid = c.start("exec sleep 1000")
				go func() {
					c.awaitBlocked(self)
					s.Abort()
				}()
				log.Add("%s", call(c))
			})
			log.Are(t, "aborted")
			left := closed(t, s)
			if left.Children < 1 || left.Processes > 0 || left.Unclean {
				t.Errorf("it left %+v", left)
			}
			if state := pidState(pid); state != "" {
				t.Errorf("child %d is %q after the system was closed", pid, state)
			}
		})
	}
}

// Close ends running, stopped and ended children, and releases those that wait for them.
func TestChildrenClose(t *testing.T) {
	var log notes
	var pids []int
	s := open(t, spec.SystemConfig{})
	s.Run(func(f spec.Frame) {
		c := on(f, t, s)
		pids = []int{c.start("exec sleep 1000"), c.start("kill -STOP $$; exit 1"), c.start("exit 3")}
		awaitZombie(t, pids[2])
		c.awaitBlocked(c.Spawn(func(c *scene) { log.Add("%s", c.ReapOsSubprocess(key.Pid(pids[0]))) }))
	})
	if left := closed(t, s); left != (spec.Leftover{Processes: 1, Children: 3}) {
		t.Errorf("it left %+v", left)
	}
	log.Are(t, "gone")
	for _, pid := range pids {
		if state := pidState(pid); state != "" {
			t.Errorf("child %d is %q after the system was closed", pid, state)
		}
	}
	// The next system starts without children.
	live(t, func(c *scene) { c.Is(c.ReapOsSubprocess(), "nil, nil, nil") })
}

// Two hundred children, ended before anyone asks, are all reported.
func TestReapMany(t *testing.T) {
	live(t, func(c *scene) {
		pids := map[string]bool{}
		for range 200 {
			pid := c.start("exit 0")
			pids[fmt.Sprintf("0, %d, nil", pid)] = true
		}
		for range 200 {
			got := c.ReapOsSubprocess().String()
			if !pids[got] {
				t.Fatalf("got %s, which was no child's turn", got)
			}
			delete(pids, got)
		}
		c.Is(c.ReapOsSubprocess(), "nil, nil, nil")
	})
}

// Real children work in a bubble too: its time stands still while one is waited for.
func TestChildrenInABubble(t *testing.T) {
	bubble(t, func(c *scene) {
		begin := time.Now()
		c.Is(c.RunShellCommand("exit 3"), "3")
		pid := c.start("exit 4")
		c.Is(c.ReapOsSubprocess(), fmt.Sprintf("4, %d, nil", pid))
		if waited := time.Since(begin); waited != 0 {
			t.Errorf("virtual time went on by %v", waited)
		}
	})
}
