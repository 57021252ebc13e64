package kit

import "context"

// Aside does what may block - to open, read, write, start - on a goroutine of its own, while the process waits; the monitor is
// held, but not meanwhile, nor by do. It tells whether that is done. Where the process is killed first, or the case given up, cancel is
// called, which is quick and makes do return soon; and late once it has, without the monitor: nobody sees what came of
// it. Either may be nil. Where do panics, or ends its goroutine, the operation panics: the run is broken.
func (f *Frame) Aside(what string, do, cancel, late func()) (done bool) {
	s := f.sys
	var waiting Waiters
	left, returned := false, false
	var fault error
	s.Go(func() {
		defer func() {
			var err error
			if !returned {
				err = leftBy(recover())
			}
			s.mu.Lock()
			inTime := !left
			if inTime {
				done, fault = true, err
				waiting.Wake()
			} else if err != nil {
				s.Breaks("what was begun for a process that is gone: "+what, err)
			}
			s.mu.Unlock()
			if !inTime && late != nil {
				late()
			}
		}()
		do()
		returned = true
	})
	f.Wait(what, Forever, func() bool { return done }, &waiting)
	if fault != nil {
		panic(fault)
	}
	if !done {
		left = true
		if cancel != nil {
			cancel()
		}
	}
	return done
}

// Outside does what may wait in the host itself - a receive of the library that is judged - on a goroutine of its own, without the
// monitor, and returns once that is done; then those look again who wait for a predicate. ctx is done once the process is killed, the
// case given up or the system closed: do is to return soon after that, for until it has the process is not gone. what completes
// "waits for", for reports.
func (f *Frame) Outside(what string, do func(ctx context.Context)) {
	s := f.sys
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	done := make(chan struct{})
	if !f.Aside(what, func() { do(ctx) }, cancel, func() { close(done) }) {
		s.mu.Unlock()
		<-done
		s.mu.Lock()
	}
	s.Changed()
}
