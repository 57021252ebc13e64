package native

import (
	"errors"
	"io/fs"
	"os"
	"sync"
	"syscall"
	"time"
)

// aside does what may block - to open, read, write, start - on a goroutine of its own, while the process waits; mu is
// held, but not meanwhile, nor by do. It tells whether that is done. Where the process is killed first, cancel is
// called, which is quick and makes do return soon; and late once it has, without the monitor: nobody sees what came of
// it. Either may be nil.
func (f *frame) aside(what string, do, cancel, late func()) (done bool) {
	s := f.sys
	var waiting waiters
	left := false
	s.running.Add(1)
	go func() {
		defer s.running.Done()
		do()
		s.mu.Lock()
		inTime := !left
		if inTime {
			done = true
			waiting.wake()
		}
		s.mu.Unlock()
		if !inTime && late != nil {
			late()
		}
	}()
	f.wait(what, forever, func() bool { return done }, &waiting)
	if !done {
		left = true
		if cancel != nil {
			cancel()
		}
	}
	return done
}

// errGivenUp is the error of what nobody waits for any more.
var errGivenUp = errors.New("given up")

// openFile opens a file, which of a named pipe waits for somebody at the other end, until given is closed.
func openFile(path string, flags int, given <-chan struct{}) (*os.File, error) {
	var releasing sync.WaitGroup
	defer releasing.Wait()
	opened := make(chan struct{})
	defer close(opened)
	if info, err := os.Stat(path); err == nil && info.Mode()&fs.ModeNamedPipe != 0 {
		releasing.Go(func() {
			select {
			case <-opened:
				return
			case <-given:
			}
			// Somebody who opens both ends lets go whoever waits for one; who has yet to wait is let go the next time.
			for again := time.NewTicker(time.Millisecond); ; {
				if both, err := os.OpenFile(path, os.O_RDWR|syscall.O_NONBLOCK, 0); err == nil {
					_ = both.Close()
				}
				select {
				case <-opened:
					again.Stop()
					return
				case <-again.C:
				}
			}
		})
	}
	f, err := os.OpenFile(path, flags, 0o666)
	select {
	case <-given:
		if err == nil {
			_ = f.Close()
		}
		return nil, errGivenUp
	default:
		return f, err
	}
}
