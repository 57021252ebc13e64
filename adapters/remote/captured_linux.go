package remote

import (
	"errors"
	"os"
	"sync"

	"golang.org/x/sys/unix"

	"github.com/mpcheck/mpcheck/adapters/remote/child"
)

// mostCaptured is how much of what is written to a standard stream is kept for those who ask for it.
const mostCaptured = 1 << 20

// captured is the end of a pipe that an adapter writes to, as its standard output or error: for a tail, and for whoever
// asks what was written since some moment. It is safe for concurrent use.
type captured struct {
	tail *tail
	read *os.File
	done chan struct{} // closed when nothing more comes

	mu      sync.Mutex
	asked   bool // somebody wants to know what is written
	written int64
	kept    []byte // the end of it
	buffer  []byte
}

var _ child.Written = (*captured)(nil)

// capture makes one, and the file to be handed to the adapter, which is the caller's to close.
func capture(t *tail, files *pipes) (c *captured, theirs *os.File) {
	r, w := files.pipe(readEnd)
	if files.err != nil {
		return nil, nil
	}
	return &captured{tail: t, read: r, done: make(chan struct{}), buffer: make([]byte, 32<<10)}, w
}

// pump takes in what comes until the last writer has gone, or the file is closed.
func (c *captured) pump() {
	defer close(c.done)
	raw, err := c.read.SyscallConn()
	for over := false; !over && err == nil; {
		err = raw.Read(func(fd uintptr) (done bool) {
			c.mu.Lock()
			defer c.mu.Unlock()
			var more bool
			over, more = c.drain(int(fd))
			return over || more
		})
	}
}

// drain takes in what is there, and tells whether nothing more will come, or else whether there may be more already; c.mu
// is held. Whoever writes without end doesn't keep it: what was there when it began is at most what fits the pipe.
func (c *captured) drain(fd int) (over, more bool) {
	most, err := unix.FcntlInt(uintptr(fd), unix.F_GETPIPE_SZ, 0)
	if err != nil {
		most = 1 << 20
	}
	for most > 0 {
		n, err := unix.Read(fd, c.buffer)
		switch {
		case err == unix.EINTR:
			continue
		case err == unix.EAGAIN:
			return false, false
		case n <= 0:
			return true, false
		}
		most -= n
		c.add(c.buffer[:n])
	}
	return false, true
}

func (c *captured) add(p []byte) {
	_, _ = c.tail.Write(p)
	c.written += int64(len(p))
	if !c.asked {
		return
	}
	c.kept = append(c.kept, p...)
	if extra := len(c.kept) - mostCaptured; extra > 0 {
		c.kept = append(c.kept[:0], c.kept[extra:]...)
	}
}

// Since implements [child.Written]. Of much only the end is given.
func (c *captured) Since() (func() ([]byte, error), error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.look(); err != nil {
		return nil, err
	}
	c.asked = true
	from := c.written
	return func() ([]byte, error) {
		c.mu.Lock()
		defer c.mu.Unlock()
		if err := c.look(); err != nil {
			return nil, err
		}
		first := c.written - int64(len(c.kept))
		return append([]byte(nil), c.kept[max(0, from-first):]...), nil
	}, nil
}

// look takes in what has been written by now; c.mu is held.
func (c *captured) look() error {
	raw, err := c.read.SyscallConn()
	if err == nil {
		err = raw.Control(func(fd uintptr) { c.drain(int(fd)) })
	}
	if errors.Is(err, os.ErrClosed) {
		return nil // all that came is there
	}
	return err
}
