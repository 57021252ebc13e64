package native

import (
	"bytes"
	"errors"
	"io"
	"os"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/mpcheck/mpcheck/adapters/kit"
)

// A stream is what is read from, or written to. None of its methods is called with the monitor held but those of texts,
// which never block. Characters are UTF-8; bytes that are none are read as U+FFFD, each.
type stream interface {
	// lineOf takes the next line without its end; false is the end of the stream.
	lineOf(t *transfer) (line []byte, there bool, err error)
	// some takes what there is, and waits for something: io.EOF is the end.
	some(t *transfer, buffer []byte) (int, error)
	write(t *transfer, text []byte) error
	// cancel ends a transfer that waits, or is yet to begin.
	cancel(t *transfer)
	kit.Closer
}

// A transfer is one reading or writing. Its field belongs to the stream.
type transfer struct{ cancelled bool }

var (
	errNotInput  = errors.New("it is no input stream")
	errNotOutput = errors.New("it is no output stream")
	errClosed    = errors.New("it is closed")
)

// textInput is a string that is read.
type textInput struct {
	mu     sync.Mutex
	rest   []byte
	closed bool
}

func (x *textInput) lineOf(*transfer) (line []byte, there bool, err error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed {
		return nil, false, errClosed
	}
	if len(x.rest) == 0 {
		return nil, false, nil
	}
	line, x.rest, _ = bytes.Cut(x.rest, []byte("\n"))
	return line, true, nil
}

func (x *textInput) some(_ *transfer, buffer []byte) (int, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	switch {
	case x.closed:
		return 0, errClosed
	case len(x.rest) == 0:
		return 0, io.EOF
	}
	n := copy(buffer, x.rest)
	x.rest = x.rest[n:]
	return n, nil
}

func (x *textInput) write(*transfer, []byte) error { return errNotOutput }
func (x *textInput) cancel(*transfer)              {}

func (x *textInput) Close() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.closed, x.rest = true, nil
	return nil
}

// textOutput keeps what is written to it.
type textOutput struct {
	mu      sync.Mutex
	written []byte
	closed  bool
}

// take is what was written since the last time. The beginning of a character is kept for when the rest has come.
func (x *textOutput) take() []byte {
	x.mu.Lock()
	defer x.mu.Unlock()
	whole := len(x.written)
	if !x.closed {
		whole -= begun(x.written)
	}
	taken := x.written[:whole]
	x.written = bytes.Clone(x.written[whole:])
	return taken
}

// begun is how many bytes at the end begin a character that isn't whole.
func begun(text []byte) int {
	for n := 1; n <= min(len(text), utf8.UTFMax-1); n++ {
		if tail := text[len(text)-n:]; utf8.RuneStart(tail[0]) {
			if utf8.FullRune(tail) {
				return 0
			}
			return n
		}
	}
	return 0
}

func (x *textOutput) lineOf(*transfer) ([]byte, bool, error) { return nil, false, errNotInput }
func (x *textOutput) some(*transfer, []byte) (int, error)    { return 0, errNotInput }
func (x *textOutput) cancel(*transfer)                       {}
func (x *textOutput) write(_ *transfer, text []byte) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed {
		return errClosed
	}
	x.written = append(x.written, text...)
	return nil
}

func (x *textOutput) Close() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.closed = true
	return nil
}

// fileStream is an open file, or an end of a pipe.
type fileStream struct {
	file  *os.File
	input bool
	pipe  bool // of ours, in a mode that is nothing for a program

	turn  sync.Mutex // of who reads or writes
	rest  []byte     // read and not yet taken
	ended bool       // nothing more will come

	mu      sync.Mutex
	current *transfer // whose turn it is
	closed  bool
}

// begin takes the turn, and finish gives it back.
func (x *fileStream) begin(t *transfer) error {
	x.turn.Lock()
	x.mu.Lock()
	defer x.mu.Unlock()
	var err error
	switch {
	case x.closed:
		err = errClosed
	case t.cancelled:
		err = errGivenUp
	}
	if err != nil {
		x.turn.Unlock()
		return err
	}
	x.current = t
	_ = x.file.SetDeadline(time.Time{}) // a file that has no deadlines doesn't wait either
	return nil
}

func (x *fileStream) finish() {
	x.mu.Lock()
	x.current = nil
	x.mu.Unlock()
	x.turn.Unlock()
}

func (x *fileStream) cancel(t *transfer) {
	x.mu.Lock()
	defer x.mu.Unlock()
	t.cancelled = true
	if x.current == t {
		_ = x.file.SetDeadline(time.Now())
	}
}

func (x *fileStream) isCancelled(t *transfer) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return t.cancelled
}

// chunk is how much is read at a time.
const chunk = 32 << 10

func (x *fileStream) lineOf(t *transfer) (line []byte, there bool, err error) {
	if !x.input {
		return nil, false, errNotInput
	}
	if err := x.begin(t); err != nil {
		return nil, false, err
	}
	defer x.finish()
	for looked := 0; ; {
		if i := bytes.IndexByte(x.rest[looked:], '\n'); i >= 0 {
			line = x.rest[:looked+i]
			x.rest = x.rest[looked+i+1:]
			return line, true, nil
		}
		looked = len(x.rest)
		if err := x.more(t); err == io.EOF {
			line, x.rest = x.rest, nil
			return line, len(line) > 0, nil
		} else if err != nil {
			return nil, false, err
		}
	}
}

// more reads a part of what is there into rest. What came for a transfer that has been cancelled stays for the next.
func (x *fileStream) more(t *transfer) error {
	if x.ended {
		return io.EOF
	}
	// What was taken is somebody's: it isn't written over.
	rest := make([]byte, len(x.rest), len(x.rest)+chunk)
	copy(rest, x.rest)
	n, err := x.file.Read(rest[len(rest):cap(rest)])
	x.rest = rest[:len(rest)+n]
	switch {
	case x.isCancelled(t):
		return errGivenUp
	case n > 0:
		return nil
	case errors.Is(err, os.ErrClosed):
		return errClosed
	}
	x.ended = err == io.EOF && x.pipe // a file may grow
	return err
}

func (x *fileStream) some(t *transfer, buffer []byte) (int, error) {
	if !x.input {
		return 0, errNotInput
	}
	if err := x.begin(t); err != nil {
		return 0, err
	}
	defer x.finish()
	if len(x.rest) == 0 {
		if err := x.more(t); err != nil {
			return 0, err
		}
	}
	n := copy(buffer, x.rest)
	x.rest = x.rest[n:]
	return n, nil
}

func (x *fileStream) write(t *transfer, text []byte) error {
	if x.input {
		return errNotOutput
	}
	if err := x.begin(t); err != nil {
		return err
	}
	defer x.finish()
	_, err := x.file.Write(text)
	if errors.Is(err, os.ErrClosed) {
		return errClosed
	}
	return err
}

// close also ends what waits. A second close does nothing.
func (x *fileStream) Close() error {
	x.mu.Lock()
	x.closed = true
	x.mu.Unlock()
	if err := x.file.Close(); !errors.Is(err, os.ErrClosed) {
		return err
	}
	return nil
}
