package wire

import (
	"slices"
	"time"

	"github.com/mpcheck/mpcheck/spec"
)

// What a system knows of its open operations: which there are, which may be sent while the
// world may be stopped, and what the recorder is told of them.

// record tells a label. mu is held.
func (s *system) record(l spec.Label) {
	if s.cfg.Recorder == nil || s.err != nil {
		return
	}
	l.At = time.Since(s.since)
	s.cfg.Recorder.Record(l)
}

// wake lets operations that wait look again. mu is held.
func (s *system) wake() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// issue registers an operation; the answer is how it ended if it may not even begin.
func (s *system) issue(o *operation) (spec.Status, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := o.frame
	switch {
	case s.err != nil || f.number == 0 && isClosed(s.aborted):
		return spec.Aborted, false
	case f.left:
		return spec.Gone, false
	}
	s.open = append(s.open, o)
	return spec.Returned, true
}

// retire takes an operation off the list. mu is held.
func (s *system) retire(o *operation) {
	if i := slices.Index(s.open, o); i >= 0 {
		s.open = slices.Delete(s.open, i, i+1)
		if o.stops > 0 {
			s.wake()
		}
	}
}

// runs notes that the adapter just showed a frame to be running: it was entered, or its operation
// was answered. mu is held.
func (s *system) runs(f *frame) {
	s.seq++
	f.seq = s.seq
}

// maySend tells whether the world lets frame f speak: while an operation that may stop it
// of its image is open, only frames entered or answered since are evidently running. A simulated world is stopped by its
// simulator, which may wait for what any frame does next before it goes on. mu is held.
func (s *system) maySend(f *frame) bool {
	if s.client.handshake.Clock == spec.Virtual || s.err != nil || isClosed(s.aborted) {
		return true
	}
	for _, o := range s.open {
		if o.stops > 0 && o.frame != f && o.frame.image == f.image && o.stops > f.seq {
			return false
		}
	}
	return true
}

// worldStopped tells whether an operation is open that may stop the adapter itself. mu is held.
func (s *system) worldStopped() bool {
	return slices.ContainsFunc(s.open, func(o *operation) bool { return o.stops > 0 && o.frame.image == nil })
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
