package native

import (
	"io"
	"os"
	"sync"

	"golang.org/x/sys/unix"

	"github.com/mpcheck/mpcheck/adapters/kit"
)

// A pump carries what a program writes to a stream of Lisp's, as it comes, in bounded memory.
type pump struct {
	from   *os.File // a pipe's end, not blocking
	to     stream
	decide *decisions

	t      transfer
	mu     sync.Mutex // of who carries
	held   []byte
	buffer []byte
	lost   bool // the stream takes no more: the rest is thrown away, so that the program can go on
}

func newPump(from *os.File, to stream, decide *decisions) *pump {
	return &pump{from: from, to: to, decide: decide, buffer: make([]byte, chunk)}
}

// run carries until the last writer has gone, or the pump is closed.
func (p *pump) run() {
	defer p.Close()
	raw, err := p.from.SyscallConn()
	for over := false; !over && err == nil; {
		kit.Dawdle(p.decide.carries)
		err = raw.Read(func(fd uintptr) (done bool) {
			p.mu.Lock()
			defer p.mu.Unlock()
			more := true
			over, more = p.carry(int(fd))
			return over || more
		})
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.finish()
}

// finish hands on what was held; the monitor is held.
func (p *pump) finish() {
	if len(p.held) > 0 {
		p.write(p.held)
	}
	p.held = nil
	if p.decide.textClosed {
		_ = p.to.Close()
	}
}

func (p *pump) write(text []byte) {
	if p.decide.latin {
		characters := make([]rune, len(text))
		for i, b := range text {
			characters[i] = rune(b)
		}
		text = []byte(string(characters))
	}
	if !p.lost {
		p.lost = p.to.write(&p.t, text) != nil
	}
}

// drain carries what was written by now.
func (p *pump) drain() {
	raw, err := p.from.SyscallConn()
	if err != nil {
		return
	}
	// Once all has been carried the pump may be closed, which is no error.
	_ = raw.Control(func(fd uintptr) {
		p.mu.Lock()
		defer p.mu.Unlock()
		most, err := unix.FcntlInt(fd, unix.F_GETPIPE_SZ, 0)
		if err != nil {
			most = 1 << 20
		}
		defer p.finish()
		for carried := 0; carried < most; carried += len(p.buffer) {
			if over, more := p.carry(int(fd)); over || !more {
				return
			}
		}
	})
}

// carry carries one buffer, and tells whether nothing more will come, or else whether there may be more already; mu is
// held.
func (p *pump) carry(fd int) (over, more bool) {
	for {
		n, err := unix.Read(fd, p.buffer)
		switch {
		case err == unix.EINTR:
			continue
		case err == unix.EAGAIN:
			return false, false
		case n <= 0:
			return true, false
		}
		if p.decide.textAfterEnd {
			p.held = append(p.held, p.buffer[:n]...)
		} else {
			p.write(p.buffer[:n])
		}
		return false, true
	}
}

// stop has the rest thrown away.
func (p *pump) stop() { p.to.cancel(&p.t) }

func (p *pump) Close() error {
	p.stop()
	return p.from.Close()
}

// A feed carries a stream of Lisp's to the standard input of a program.
type feed struct {
	from   stream
	to     *os.File
	decide *decisions

	t transfer
}

// run carries until the stream ends or nobody reads any more, and then closes the program's input.
func (x *feed) run() {
	defer x.Close()
	buffer := make([]byte, chunk)
	for {
		n, err := x.from.some(&x.t, buffer)
		if n == 0 || err != nil && err != io.EOF {
			return
		}
		text := buffer[:n]
		if x.decide.latin {
			text = latinOf(text)
		}
		kit.Dawdle(x.decide.carries)
		if _, err := x.to.Write(text); err != nil {
			return
		}
	}
}

func (x *feed) Close() error {
	x.from.cancel(&x.t)
	return x.to.Close()
}

// latinOf are characters as bytes; one that has none is a question mark.
func latinOf(text []byte) []byte {
	var out []byte
	for _, r := range string(text) {
		if r > 0xff {
			r = '?'
		}
		out = append(out, byte(r))
	}
	return out
}
