package native

import (
	"errors"
	"io/fs"
	"os"
	"sync"
	"syscall"
	"time"
)

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
