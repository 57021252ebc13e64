package conformance_test

import (
	"context"
	"sync"
	"syscall"
	"unsafe"

	"github.com/mpcheck/mpcheck/adapters/native"
	"github.com/mpcheck/mpcheck/internal/trial"
	"github.com/mpcheck/mpcheck/spec"
)

// supervisor is an implementation that collects its children as soon as they end, and reports
// what it has noted: right in all but that no child stays in the system until it is reaped.
type supervisor struct {
	mu       sync.Mutex
	changed  *sync.Cond
	children []*supervised
}

type supervised struct {
	pid, group, status int // the group once it has ended
	ended              bool
}

func newSupervisor() spec.Adapter {
	s := &supervisor{}
	s.changed = sync.NewCond(&s.mu)
	return fresh{trial.Replacing(native.New(), s.answer), s}
}

// fresh has the supervisor forget its children with each system.
type fresh struct {
	spec.Adapter
	s *supervisor
}

func (f fresh) Open(ctx context.Context, cfg spec.SystemConfig) (spec.System, error) {
	f.s.mu.Lock()
	f.s.children = nil
	f.s.mu.Unlock()
	return f.Adapter.Open(ctx, cfg)
}

func (s *supervisor) answer(f spec.Frame, call spec.Call) (spec.Return, bool) {
	wait, given := call.Key("wait")
	waits := !given || spec.Truth(wait)
	switch {
	case call.Op == "run-shell-command" && !waits:
		r := f.Do(call)
		if pid, ok := r.Nth(2).(spec.Int); ok {
			child := &supervised{pid: int(pid)}
			s.mu.Lock()
			s.children = append(s.children, child)
			s.mu.Unlock()
			go s.collect(child)
		}
		return r, true
	case call.Op == "reap-os-subprocess":
		pid := -1
		if v, ok := call.Key("pid"); ok {
			n, ok := v.(spec.Int)
			if !ok {
				return spec.Signal("type-error", "the pid %s is no integer", v), true
			}
			pid = int(n)
		}
		return s.reap(pid, waits), true
	}
	return spec.Return{}, false
}

// collect waits for the end of a child, which it leaves a zombie until its group is read.
func (s *supervisor) collect(child *supervised) {
	hasEnded(child.pid, 0)
	group, _ := syscall.Getpgid(child.pid)
	s.mu.Lock() // so that who sees the zombie gone sees the status
	defer s.mu.Unlock()
	var status syscall.WaitStatus
	for {
		if _, err := syscall.Wait4(child.pid, &status, 0, nil); err != syscall.EINTR {
			break
		}
	}
	child.group, child.ended, child.status = group, true, status.ExitStatus()
	if status.Signaled() {
		child.status = int(status.Signal())
	}
	s.changed.Broadcast()
}

// hasEnded tells whether a child has, and leaves it a zombie; without WNOHANG it waits for the end.
func hasEnded(pid int, options uintptr) bool {
	const exited, unreaped, byPID = 4, 0x1000000, 1
	var info [32]int32 // a siginfo_t, which begins with the signal: 0 where nothing has happened
	for {
		_, _, e := syscall.Syscall6(syscall.SYS_WAITID, byPID, uintptr(pid), uintptr(unsafe.Pointer(&info)), exited|unreaped|options, 0, 0)
		if e != syscall.EINTR {
			return e == 0 && info[0] != 0
		}
	}
}

func (s *supervisor) reap(pid int, wait bool) spec.Return {
	own := syscall.Getpgrp()
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		running, noticing := false, false
		for i, child := range s.children {
			group := child.group
			if !child.ended {
				group, _ = syscall.Getpgid(child.pid)
			}
			if pid > 0 && pid != child.pid || pid == 0 && group != own || pid < -1 && group != -pid {
				continue
			}
			if child.ended {
				s.children = append(s.children[:i:i], s.children[i+1:]...)
				return spec.Values(spec.Int(child.status), spec.Int(child.pid))
			}
			running = true
			noticing = noticing || hasEnded(child.pid, syscall.WNOHANG)
		}
		switch {
		case noticing: // it is a matter of moments
		case !running:
			return spec.Values(spec.Nil{}, spec.Nil{})
		case !wait:
			return spec.Values(spec.Nil{}, spec.Int(pid))
		}
		s.changed.Wait()
	}
}

func init() { builtInAs["supervisor"] = newSupervisor }
