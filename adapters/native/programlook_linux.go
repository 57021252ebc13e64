package native

import (
	"os"
	"os/signal"
	"syscall"

	"github.com/mpcheck/mpcheck/adapters/kit"
)

// What becomes of programs: seen by who asks, or whenever a child of this program has changed, and told to hooks.

// look takes in what has become of the program; the monitor is held. A child is reaped here alone, so that until then its
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
	p.ends.Wake()
	if p.feed != nil {
		s.Go(func() { _ = p.feed.Close() })
	}
}

// tell has the hook called for what was seen; several changes may be seen together (EXT-HOOK-5).
func (p *program) tell() {
	s := p.sys
	if p.hook == 0 || p.telling || s.IsClosed() || s.decide.hookAsks {
		return
	}
	p.telling = true
	s.Go(func() {
		s.Lock()
		defer s.Unlock()
		for p.told < p.changes && !s.IsClosed() {
			s.Unlock()
			kit.Dawdle(s.decide.hooks)
			s.Lock()
			p.told = p.changes
			s.Unlock()
			s.OnThread("the status hook of "+p.ref.String(), p.hook, kit.One(p.ref))
			s.Lock()
			p.calls++
			p.heard.Wake()
		}
		p.telling = false
	})
}

// asked is look by who asks for the status, in whose process the hook may be called (EXT-HOOK-4).
func (p *program) asked(f *frame) {
	d := &p.sys.decide
	if p.look(); p.ended && d.endRepeated && p.calls > 0 && !f.Within(p.hook) {
		p.changes++
		p.tell()
	}
	for d.hookAsks && p.hook != 0 && !p.telling && p.told < p.changes {
		p.told, p.telling = p.changes, true
		f.Call(p.hook, kit.One(p.ref))
		p.telling = false
	}
}

// watchPrograms looks after all programs whenever a child of this program has changed; the monitor is held.
func (s *system) watchPrograms() {
	if s.watching {
		return
	}
	s.watching = true
	changed := make(chan os.Signal, 1)
	signal.Notify(changed, syscall.SIGCHLD)
	s.Go(func() {
		defer signal.Stop(changed)
		for {
			select {
			case <-changed:
			case <-s.quit:
				return
			}
			kit.Dawdle(s.decide.childEnds)
			s.Lock()
			for _, p := range append([]*program(nil), s.programs...) {
				if !p.unasked {
					p.look()
				}
			}
			s.Unlock()
		}
	})
}
