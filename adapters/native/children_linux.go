package native

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/mpcheck/mpcheck/adapters/kit"
	"github.com/mpcheck/mpcheck/spec"
)

// childOperations are the operations on children of the operating system.
var childOperations = map[string]operation{
	"reap-os-subprocess": reapOsSubprocess,
	"run-shell-command":  runShellCommand,

	"ignore-child-signals": ignoreChildSignals,

	"run":                   run,
	"start":                 start,
	"process-input-stream":  programStream(0),
	"process-output-stream": programStream(1),
	"process-error-stream":  programStream(2),
	"process-p":             processP,
	"process-id":            processID,
	"signal-process":        signalProcess,
	"process-status":        processStatus,
	"signal-mapping":        signalMappingOf,
}

// child is a child of the operating system that nothing has reaped yet; so its pid is its
// own. Children are reaped under the monitor only.
type child struct {
	pid     int
	private bool // of a run-shell-command that waits, or a program: reap-os-subprocess doesn't consider it
	orphan  bool // private, and its waiter is gone: its watcher reaps it
	watched bool
}

// collect reaps the child where it has ended. gone is true where there is nothing to reap:
// somebody else took it.
func (s *system) collect(c *child) (status syscall.WaitStatus, ended, gone bool) {
	for {
		pid, err := syscall.Wait4(c.pid, &status, syscall.WNOHANG, nil)
		switch {
		case err == syscall.EINTR:
			continue
		case err == nil && pid == 0:
			return status, false, false
		}
		s.children = slices.DeleteFunc(s.children, func(o *child) bool { return o == c })
		return status, err == nil, err != nil
	}
}

// watch makes the end of every child wake those that wait for children: a goroutine each
// sleeps in waitid, which leaves the child to be reaped by whoever asks for it.
func (s *system) watch() {
	for _, c := range s.children {
		if c.watched {
			continue
		}
		c.watched = true
		ended := c.ended()
		s.Go(func() {
			awaitEnd(c.pid)
			kit.Dawdle(s.decide.childEnds)
			s.Lock()
			if !ended {
				s.ends++
			}
			defer s.Unlock()
			if c.orphan || s.ignoresEnds && !c.private {
				s.collect(c)
			}
			s.childEvents.Wake()
		})
	}
}

// ended tells whether the child has ended and is still to be reaped.
func (c *child) ended() bool {
	var info unix.Siginfo
	err := unix.Waitid(unix.P_PID, c.pid, &info, unix.WEXITED|unix.WNOHANG|unix.WNOWAIT, nil)
	return err == nil && info.Signo != 0
}

// waitpid is waitpid(2) without waiting: the pid and status of a child that it reaped; or
// 0, and whether there is none to consider. The kernel decides, so whoever uses this has
// the process's children to itself - but while a run-shell-command waits, or a program runs, its child is not
// to be taken from it, and the others are asked for one by one.
func (s *system) waitpid(pid int64) (reaped int, status syscall.WaitStatus, none bool) {
	if pid != int64(int32(pid)) || pid == math.MinInt32 {
		return 0, status, true // The kernel would look at 32 bits of it, and has no such group.
	}
	if s.starting > 0 || slices.ContainsFunc(s.children, func(c *child) bool { return c.private }) {
		return s.waitForOthers(pid)
	}
	for {
		got, err := syscall.Wait4(int(pid), &status, syscall.WNOHANG, nil)
		switch {
		case err == syscall.EINTR:
			continue
		case err != nil: // ECHILD: what was started and is considered, somebody else has reaped.
			s.children = slices.DeleteFunc(s.children, func(c *child) bool { return c.considered(pid) })
			return 0, status, true
		}
		s.children = slices.DeleteFunc(s.children, func(c *child) bool { return c.pid == got })
		return got, status, false
	}
}

func (s *system) waitForOthers(pid int64) (reaped int, status syscall.WaitStatus, none bool) {
	none = true
	for _, c := range slices.Clone(s.children) {
		if !c.considered(pid) {
			continue
		}
		status, ended, gone := s.collect(c)
		if ended {
			return c.pid, status, false
		}
		none = none && gone
	}
	return 0, status, none
}

// considered tells whether waitpid would select the child: -1 all, 0 those of the caller's
// process group, below -1 those of that group, else the one child (REAP-SEL-1 to -5). The
// group of an ended child is known until it is reaped.
func (c *child) considered(pid int64) bool {
	switch {
	case c.private:
		return false
	case pid == -1:
		return true
	case pid > 0:
		return int64(c.pid) == pid
	}
	group, err := syscall.Getpgid(c.pid)
	if pid == 0 {
		return err == nil && group == syscall.Getpgrp()
	}
	return err == nil && int64(group) == -pid
}

// reapOsSubprocess reaps one ended child among those considered, waiting for one unless
// wait is nil (REAP-*). A normal end gives its exit code, pid and nil; an end by a signal
// the signal's number, pid and the number again (REAP-STAT-1 to -5). Nothing considered is
// nil and nil, considered but running nil and the pid argument; the third value is nil.
func reapOsSubprocess(f *frame, c spec.Call) ([]spec.Value, error) {
	s := f.sys
	which := spec.Value(spec.Int(-1))
	if v, ok := c.Key("pid"); ok {
		which = v
	}
	var pid int64
	switch v := which.(type) {
	case spec.Int:
		pid = int64(v)
	case spec.BigInt: // An integer, but no pid of anything.
		return []spec.Value{spec.Nil{}, spec.Nil{}, spec.Nil{}}, nil
	default:
		return nil, kit.TypeError("the pid", which, "an integer")
	}
	wait, given := c.Key("wait")
	if _, symbol := wait.(spec.True); given && spec.Truth(wait) && !symbol && s.decide.oddWait {
		return nil, kit.TypeError("the wait", wait, "t or nil")
	}
	result := []spec.Value{spec.Nil{}, spec.Nil{}, spec.Nil{}}
	look := func() (found bool) {
		reaped, status, none := s.waitpid(pid)
		if reaped != 0 {
			code, signal := s.exitOf(status)
			result = []spec.Value{code, spec.Int(reaped), signal}
		}
		return reaped != 0 || none
	}
	if given && !spec.Truth(wait) {
		if !look() {
			result[1] = which
		}
		return s.reported(result), nil
	}
	ends, interrupted := s.ends, false
	if s.decide.holdsOthers {
		defer s.hold(f.proc)()
	}
	f.Wait(fmt.Sprintf("a child to end (pid %s)", which), kit.Forever, func() bool {
		if look() {
			return true
		}
		s.watch()
		interrupted = s.decide.interrupted != nil && s.ends > ends
		return interrupted
	}, &s.childEvents)
	if interrupted {
		return s.decide.interrupted()
	}
	return s.reported(result), nil
}

// hold suspends all processes but one, until what it returns is called.
func (s *system) hold(p *process) (release func()) {
	if s.reaping != nil {
		return func() {}
	}
	s.reaping = p
	return func() {
		s.reaping = nil
		s.WakeAll()
	}
}

// reported are the values of a reaping (REAP-SIG-3).
func (s *system) reported(values []spec.Value) []spec.Value {
	if s.decide.values != nil {
		return s.decide.values(values)
	}
	return values
}

// exitOf decodes a status: the exit code and nil, or the signal's number twice.
func (s *system) exitOf(status syscall.WaitStatus) (code, signal spec.Value) {
	if status.Signaled() {
		if s.decide.signalStatus != nil {
			core := int64(0)
			if status.CoreDump() {
				core = 128
			}
			return s.decide.signalStatus(int64(status.Signal()), core), spec.Int(status.Signal())
		}
		return spec.Int(status.Signal()), spec.Int(status.Signal())
	}
	return spec.Int(status.ExitStatus()), spec.Nil{}
}

// runShellCommand starts /bin/sh with a command. With wait nil it returns nil, nil and the
// pid of a child that only reap-os-subprocess reaps; else it waits for the end itself and
// returns the exit status, which for an end by a signal is 128 more than its number
// (REAP-RSC-1, REAP-ZOMB-1 to -5). Input, output and error output are the null device for
// nil and files for strings and pathnames; streams are not offered, and an error with a
// true wait (REAP-RSC-2). A process killed while it waits leaves the child running; it is
// reaped when it ends.
func runShellCommand(f *frame, c spec.Call) ([]spec.Value, error) {
	s := f.sys
	command, ok := s.Text(c.Args[0])
	if !ok {
		return nil, kit.TypeError("the command", c.Args[0], "a string")
	}
	wait := true
	if v, ok := c.Key("wait"); ok {
		wait = spec.Truth(v)
	}
	var files []uintptr
	defer func() {
		for _, fd := range files {
			syscall.Close(int(fd))
		}
	}()
	for i, key := range []string{"input", "output", "error-output"} {
		path, err := s.redirection(c, key, wait)
		if err != nil {
			return nil, err
		}
		flags := syscall.O_RDONLY
		if i > 0 {
			flags = syscall.O_WRONLY | syscall.O_CREAT | syscall.O_TRUNC
		}
		// The monitor is held: opening must not wait, as it may for a named pipe.
		fd, err := syscall.Open(path, flags|syscall.O_CLOEXEC|syscall.O_NONBLOCK, 0o666)
		if isRefused(err) {
			return nil, &spec.Condition{Type: spec.OutOfResources, Message: fmt.Sprintf("opening %s for the %s: %v", path, key, err)}
		}
		if err != nil {
			return nil, &spec.Condition{Type: "file-error", Message: fmt.Sprintf("%s: opening %s for the %s: %v", c.Op, path, key, err)}
		}
		files = append(files, uintptr(fd))
		if err := syscall.SetNonblock(fd, false); err != nil {
			return nil, &spec.Condition{Type: "file-error", Message: fmt.Sprintf("%s: preparing %s for the %s: %v", c.Op, path, key, err)}
		}
	}
	if s.decide.execs && simpleCommand(command) {
		command = "exec " + command
	}
	pid, err := syscall.ForkExec("/bin/sh", []string{"sh", "-c", command}, &syscall.ProcAttr{Env: os.Environ(), Files: files})
	if isRefused(err) {
		return nil, &spec.Condition{Type: spec.OutOfResources, Message: fmt.Sprintf("starting /bin/sh: %v", err)}
	}
	if err != nil {
		return nil, kit.SimpleError("%s: starting /bin/sh: %v", c.Op, err)
	}
	started := &child{pid: pid, private: wait}
	s.children = append(s.children, started)
	if !wait {
		s.childEvents.Wake() // Who waits for any child waits for this one too.
		if s.ignoresEnds {
			s.watch()
		}
		return []spec.Value{spec.Nil{}, spec.Nil{}, spec.Int(pid)}, nil
	}
	result := spec.Value(spec.Nil{})
	look := func() bool {
		status, ended, gone := s.collect(started)
		if ended {
			result = spec.Int(status.ExitStatus())
			if status.Signaled() {
				result = spec.Int(128 + status.Signal())
			}
		}
		return ended || gone
	}
	s.watch()
	if f.Wait(fmt.Sprintf("child %d to end", pid), kit.Forever, look, &s.childEvents) == kit.Over {
		started.orphan = !look()
	}
	return kit.One(result), nil
}

// simpleCommand tells whether a command is a program and its arguments, which a shell can become.
func simpleCommand(command string) bool {
	program, _, _ := strings.Cut(command, " ")
	_, err := exec.LookPath(strings.Trim(program, `'"`))
	return err == nil && !strings.ContainsAny(command, ";&|<>()\n")
}

// redirection is the file that one of a child's three streams is opened on.
func (s *system) redirection(c spec.Call, key string, wait bool) (string, error) {
	v := kit.Keyword(c, key)
	if !spec.Truth(v) {
		return os.DevNull, nil
	}
	if text, ok := s.Text(v); ok {
		return text, nil
	}
	switch v := v.(type) {
	case spec.Pathname:
		return string(v), nil
	case spec.Symbol:
		if !strings.EqualFold(v.Name, "stream") {
			break
		}
		if !wait {
			return "", kit.ErrAbsent
		}
		return "", kit.ProgramError("%s: :%s :stream with a true :wait: nobody could use the stream", c.Op, key)
	}
	return "", kit.TypeError("the "+key, v, "nil, :stream, a string or a pathname")
}

// killChildren ends what is left; the monitor is held. None of the pids can belong to anything
// else: they are still children, which nobody has reaped.
func (s *system) killChildren() {
	for _, c := range s.children {
		if unix.Waitid(unix.P_PID, c.pid, nil, unix.WEXITED|unix.WNOHANG|unix.WNOWAIT, nil) != unix.ECHILD {
			syscall.Kill(c.pid, syscall.SIGKILL)
		}
	}
}

// reapChildren reaps the killed; the monitor is held, and nothing else runs in the system.
func (s *system) reapChildren() {
	for _, c := range s.children {
		reap(c.pid)
	}
	s.children, s.programs = nil, nil
}

// ignoreChildSignals has no child that ends from now on be a zombie: its watcher reaps it (REAP-SIG-4). The signal's disposition is
// left alone, since it is that of the whole program.
func ignoreChildSignals(f *frame, _ spec.Call) ([]spec.Value, error) {
	s := f.sys
	s.ignoresEnds = true
	s.watch()
	return kit.One(spec.True{}), nil
}
