package child

import (
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/mpcheck/mpcheck/adapters/remote/internal/proc"
	"github.com/mpcheck/mpcheck/spec"
)

// A childRun carries out one command. What it returns as then happens once the answer is
// sent; its error ends the child.
type childRun func(c *child, command childCommand) (answer childAnswer, then func() error, err error)

// childCommands are the commands that a helper child obeys: all of [spec.ChildCommands] but those that
// the harness carries out, or answers from its record.
var childCommands = map[string]childRun{
	spec.TellExit:      (*child).exit,
	spec.TellExitAfter: (*child).exitAfter,
	spec.TellDie:       (*child).die,
	spec.TellStop:      (*child).stop,
	spec.TellOwnGroup:  (*child).joinGroup, // group 0 means its own
	spec.TellJoinGroup: (*child).joinGroup,
	spec.TellReport:    (*child).reportSignals,
	spec.TellIgnore:    (*child).ignore,
	spec.TellEcho:      (*child).echo,
	spec.TellFlood:     (*child).flood,
	spec.TellSpawn:     (*child).spawn,
	spec.TellCopy:      (*child).copies,
	spec.TellRead:      (*child).reads,
	spec.TellClose:     (*child).closes,
	spec.TellPause:     (*child).pause,
}

// plannedSteps are those that take longer as a step of a plan, which is over when it is done, than told.
var plannedSteps = map[string]childRun{
	spec.TellFlood: func(c *child, command childCommand) (childAnswer, func() error, error) {
		answer, then, err := c.flood(command)
		c.output(command).flush()
		return answer, then, err
	},
	spec.TellCopy: func(c *child, command childCommand) (childAnswer, func() error, error) {
		return childAnswer{}, nil, c.stdin.await(inputJob{bytes: command.N, copy: c.stdout})
	},
	spec.TellRead: func(c *child, command childCommand) (childAnswer, func() error, error) {
		return childAnswer{}, nil, c.stdin.await(inputJob{bytes: command.N})
	},
}

// exit calls _exit with any number, after the output that was asked for is written.
func (c *child) exit(command childCommand) (childAnswer, func() error, error) {
	return childAnswer{}, func() error { c.leave(command.N); return nil }, nil
}

func (c *child) leave(code int) {
	c.stdout.flush()
	c.stderr.flush()
	os.Exit(code)
}

// exitAfter has the child exit later, of itself; meanwhile it obeys. It watches the other
// process by looking, for nobody tells it of the end of one that isn't its child.
func (c *child) exitAfter(command childCommand) (childAnswer, func() error, error) {
	const look = 5 * time.Millisecond
	var other proc.Stat
	if command.After != 0 {
		var err error
		if other, err = proc.ReadStat(command.After); err != nil {
			return childAnswer{}, nil, err
		}
	}
	watch := func() {
		for !other.Kind().Ended() {
			time.Sleep(look)
			now, err := proc.ReadStat(command.After)
			if err == nil && now.Start == other.Start {
				other = now
			} else if err == nil {
				other = proc.Stat{}
			}
		}
		time.Sleep(time.Duration(command.Seconds * float64(time.Second)))
		c.leave(command.N)
	}
	// Not before the answer is written: where there is nothing to wait for, it would be lost.
	return childAnswer{}, func() error { go watch(); return nil }, nil
}

// die raises a signal at its default action. The process goes on where that doesn't end it.
func (c *child) die(command childCommand) (childAnswer, func() error, error) {
	sig := syscall.Signal(command.N)
	if sig < 1 || sig > proc.LastSignal {
		return childAnswer{}, nil, fmt.Errorf("there is no signal %d: want 1 to %d", command.N, proc.LastSignal)
	}
	if sig != unix.SIGKILL && sig != unix.SIGSTOP {
		if err := proc.WriteAction(int(sig), proc.Sigaction{Handler: proc.SigDefault}); err != nil {
			return childAnswer{}, nil, err
		}
	}
	return childAnswer{}, func() error {
		noCore()
		// Raised for this thread, it has its effect before the call returns.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		if err := proc.Unblock(command.N); err != nil {
			return err
		}
		return unix.Tgkill(os.Getpid(), unix.Gettid(), sig)
	}, nil
}

// noCore keeps the kernel from writing a core file: an end by signal is intended here. A
// limit of 1 is too small for a file, and tells the kernel not to run a core handler.
func noCore() {
	var limit unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_CORE, &limit) == nil {
		limit.Cur = min(1, limit.Max)
		_ = unix.Setrlimit(unix.RLIMIT_CORE, &limit)
	}
}

func (c *child) stop(childCommand) (childAnswer, func() error, error) {
	return childAnswer{}, func() error {
		// Sent to this thread, it has its effect before the call returns.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		return unix.Tgkill(os.Getpid(), unix.Gettid(), unix.SIGSTOP)
	}, nil
}

// joinGroup answers the group it is in afterwards.
func (c *child) joinGroup(command childCommand) (childAnswer, func() error, error) {
	if command.N != int(int32(command.N)) {
		return childAnswer{}, nil, fmt.Errorf("there is no process group %d", command.N)
	}
	if err := unix.Setpgid(0, command.N); err != nil {
		return childAnswer{}, nil, fmt.Errorf("setpgid(0, %d): %w", command.N, err)
	}
	return childAnswer{N: unix.Getpgrp()}, nil, nil
}

func (c *child) echo(command childCommand) (childAnswer, func() error, error) {
	out := c.output(command)
	out.write(outputJob{text: command.Text, times: 1})
	out.flush()
	return childAnswer{}, nil, nil
}

// flood answers before it has written, since the reader may need the answer to begin.
func (c *child) flood(command childCommand) (childAnswer, func() error, error) {
	if command.N < 0 {
		return childAnswer{}, nil, fmt.Errorf("can't write %d bytes", command.N)
	}
	whole, rest := command.N/len(floodLine), command.N%len(floodLine)
	out := c.output(command)
	out.write(outputJob{text: floodLine, times: whole})
	out.write(outputJob{text: floodLine[:rest], times: 1})
	return childAnswer{}, nil, nil
}

// copies and reads answer before they have read anything; they go on in the background, in order.
func (c *child) copies(command childCommand) (childAnswer, func() error, error) {
	return childAnswer{}, nil, c.stdin.begin(inputJob{bytes: command.N, copy: c.stdout})
}

func (c *child) reads(command childCommand) (childAnswer, func() error, error) {
	return childAnswer{}, nil, c.stdin.begin(inputJob{bytes: command.N})
}

func (c *child) closes(command childCommand) (childAnswer, func() error, error) {
	stream := []interface{ close() error }{c.stdin, c.stdout, c.stderr}[command.Descriptor]
	if err := stream.close(); err != nil {
		return childAnswer{}, nil, fmt.Errorf("closing descriptor %d: %w", command.Descriptor, err)
	}
	c.closed[command.Descriptor] = true
	return childAnswer{}, nil, nil
}

// pause is answered first: the time passes before the next step.
func (c *child) pause(command childCommand) (childAnswer, func() error, error) {
	return childAnswer{}, func() error {
		time.Sleep(time.Duration(command.Seconds * float64(time.Second)))
		return nil
	}, nil
}

func (c *child) output(command childCommand) *output {
	if command.Error {
		return c.stderr
	}
	return c.stdout
}

// spawn starts a grandchild under the token given. Nobody waits for it: reaping is what
// the cases are about, and as long as this process lives, a dead grandchild is a zombie.
func (c *child) spawn(command childCommand) (childAnswer, func() error, error) {
	self, err := proc.Self()
	if err != nil {
		return childAnswer{}, nil, err
	}
	argv := []string{self, "child", "--control", c.socket, "--token", command.Text}
	files := []uintptr{0, 1, 2}
	for fd, closed := range c.closed {
		if closed {
			files[fd] = ^uintptr(0)
		}
	}
	pid, err := syscall.ForkExec(self, argv, &syscall.ProcAttr{Env: c.environ, Files: files})
	if err != nil {
		return childAnswer{}, nil, fmt.Errorf("starting a grandchild: %w", err)
	}
	return childAnswer{N: pid}, nil, nil
}

// plainSignals takes all signals out of the Go runtime's hands, as if this were a program
// without a runtime, and remembers what it had set up. The runtime then preempts its
// goroutines at function calls only, which is enough here. Signals 32 to 34 stay: the C
// libraries and the runtime use them among their threads.
func (c *child) plainSignals() error {
	for sig := 1; sig <= proc.LastSignal; sig++ {
		if sig == int(unix.SIGKILL) || sig == int(unix.SIGSTOP) || 32 <= sig && sig <= 34 {
			continue
		}
		action, err := proc.ReadAction(sig)
		if err != nil {
			return err
		}
		if err := proc.WriteAction(sig, proc.Sigaction{Handler: proc.SigDefault}); err != nil {
			return err
		}
		c.runtimeActions[sig] = action
	}
	return nil
}

// reportSignals catches every signal that can be caught, from before its answer on, and
// reports each to the harness. SIGPROF stays at its default, since the runtime keeps it to
// itself.
func (c *child) reportSignals(childCommand) (childAnswer, func() error, error) {
	arrived := make(chan os.Signal, 1024)
	// First the channel, then the handlers that plainSignals had taken away: no moment
	// lies between in which a signal would reach the runtime and nobody listens.
	signal.Notify(arrived)
	for sig, action := range c.runtimeActions {
		if action.Handler == proc.SigDefault || action.Handler == proc.SigIgnore || sig == int(unix.SIGPROF) {
			continue
		}
		if err := proc.WriteAction(sig, action); err != nil {
			return childAnswer{}, nil, err
		}
	}
	go func() {
		for sig := range arrived {
			if c.send(childMessage{Signal: int(sig.(syscall.Signal))}) != nil {
				return
			}
		}
	}()
	return childAnswer{}, nil, nil
}

func (c *child) ignore(command childCommand) (childAnswer, func() error, error) {
	return childAnswer{}, nil, proc.WriteAction(command.N, proc.Sigaction{Handler: proc.SigIgnore})
}
