package wire

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

var (
	errTooLong = errors.New("a message is too long")
	errFlood   = errors.New("a flood")
)

// mostBlank is how many blank lines may stand between messages.
const mostBlank = 100_000

// lineReader cuts a stream into lines of at most max bytes. One goroutine uses it.
type lineReader struct {
	in  *bufio.Reader
	max int
	buf []byte
}

func newLineReader(r io.Reader, max int) *lineReader {
	return &lineReader{in: bufio.NewReaderSize(r, 64<<10), max: max}
}

// next returns the next line that isn't blank, without its end; it is valid until the call
// after. The error is io.EOF where the stream ended between lines.
func (l *lineReader) next() ([]byte, error) {
	for blank := 0; ; blank++ {
		if blank > mostBlank {
			return nil, fmt.Errorf("%w: more than %d blank lines and no message", errFlood, mostBlank)
		}
		line, err := l.line()
		if err != nil {
			return nil, err
		}
		if line = bytes.TrimSpace(line); len(line) > 0 {
			return line, nil
		}
	}
}

// discard reads on to the end of the stream, so that the other side isn't kept from writing.
func (l *lineReader) discard() {
	l.buf = nil
	_, _ = io.Copy(io.Discard, l.in)
}

func (l *lineReader) line() ([]byte, error) {
	l.buf = l.buf[:0]
	for {
		part, err := l.in.ReadSlice('\n')
		if len(l.buf)+len(part) > l.max {
			return nil, fmt.Errorf("%w: want at most %d bytes, got more, beginning with %s",
				errTooLong, l.max, quote(append(l.buf, part...)))
		}
		if err == nil && len(l.buf) == 0 {
			return part, nil
		}
		l.buf = append(l.buf, part...)
		switch {
		case err == nil:
			return l.buf, nil
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF) && len(bytes.TrimSpace(l.buf)) > 0:
			return nil, fmt.Errorf("want a line feed after each message, got the end of the stream after %s", quote(l.buf))
		default:
			return nil, err
		}
	}
}
