package native

import (
	"os"
	"os/signal"
	"syscall"
)

// What becomes of programs: seen by who asks, or whenever a child of this program has changed, and told to hooks.

// look takes in what has become of the program; mu is held. A child is reaped here alone, so that until then its
// number is its own.
func (p *program) look() {
	for !p.ended {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(p.child.pid, &status, syscall.WNOHANG|syscall.WUNTRACED|syscall.WCONTINUED, nil)
		switch {
		case err == syscall.EINTR:
			continue
		case err == nil && pid == 0:
			return
		case err != nil:
			p.lost = true
		default:
			p.status, p.seen = status, true
		}
		if !p.unseen(status) {
			p.changes++
		}
		if p.lost || status.Exited() || status.Signaled() {
			p.end()
		}
		p.tell()
	}
}

// unseen tells whether the hook isn't called for a change.
func (p *program) unseen(status syscall.WaitStatus) bool {
	d := &p.sys.decide
	return status.Stopped() && d.stopsUnseen || status.Continued() && d.continuesUnseen
}

// end forgets a program that was reaped.
func (p *program) end() {
	s := p.sys
	p.ended = true
	s.children = without(s.children, p.child)
	s.programs = without(s.programs, p)
	p.ends.wake()
	if p.feed != nil {
		s.aloof(func() { _ = p.feed.close() })
	}
}

// aloof does something that may take the monitor, or wait for who has it, on a goroutine of its own; mu is held.
func (s *system) aloof(do func()) {
	s.running.Add(1)
	go func() {
		defer s.running.Done()
		do()
	}()
}

// tell has the hook called for what was seen; several changes may be seen together (EXT-HOOK-5).
func (p *program) tell() {
	s := p.sys
	if p.hook == 0 || p.telling || s.closed || s.decide.hookAsks {
		return
	}
	p.telling = true
	s.aloof(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		for p.told < p.changes && !s.closed {
			s.mu.Unlock()
			dawdle(s.decide.hooks)
			s.mu.Lock()
			p.told = p.changes
			s.mu.Unlock()
			s.onThread("the status hook of "+p.ref.String(), p.hook, one(p.ref))
			s.mu.Lock()
			p.calls++
			p.heard.wake()
		}
		p.telling = false
	})
}

// asked is look by who asks for the status, in whose process the hook may be called (EXT-HOOK-4).
func (p *program) asked(f *frame) {
	d := &p.sys.decide
	if p.look(); p.ended && d.endRepeated && p.calls > 0 && !f.within(p.hook) {
		p.changes++
		p.tell()
	}
	for d.hookAsks && p.hook != 0 && !p.telling && p.told < p.changes {
		p.told, p.telling = p.changes, true
		f.call(p.hook, one(p.ref))
		p.telling = false
	}
}

// watchPrograms looks after all programs whenever a child of this program has changed; mu is held.
func (s *system) watchPrograms() {
	if s.watching {
		return
	}
	s.watching = true
	changed := make(chan os.Signal, 1)
	signal.Notify(changed, syscall.SIGCHLD)
	s.aloof(func() {
		defer signal.Stop(changed)
		for {
			select {
			case <-changed:
			case <-s.quit:
				return
			}
			dawdle(s.decide.childEnds)
			s.mu.Lock()
			for _, p := range append([]*program(nil), s.programs...) {
				if !p.unasked {
					p.look()
				}
			}
			s.mu.Unlock()
		}
	})
}
