package osexec

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/mpcheck/mpcheck/adapters/kit"
	"github.com/mpcheck/mpcheck/spec"
)

// Deadlines: one that has passed, and none.
var past, never = time.Unix(1, 0), time.Time{}

// A stream is this program's end of a pipe by os.Pipe, whose other end a program has: Cmd.StdoutPipe would not do, since Wait closes it
// while somebody may still read.
type stream struct {
	file   *os.File
	reader *bufio.Reader // nil where it is written to
	turn   chan struct{} // holds one token: whose turn it is
}

func newStream(s *kit.System, end *os.File, input bool) *stream {
	x := &stream{file: end, turn: make(chan struct{}, 1)}
	if input {
		x.reader = bufio.NewReader(end)
	}
	s.AtClose(end)
	return x
}

// pipe makes a pipe for the program's input, or one of its outputs, and returns the program's end.
func pipe(s *kit.System, fd int) (theirs *os.File, ours *stream, err error) {
	reads, writes, err := os.Pipe()
	if err != nil {
		return nil, nil, &spec.Condition{Type: spec.OutOfResources, Message: fmt.Sprintf("a pipe: %v", err)}
	}
	if fd == 0 {
		return reads, newStream(s, writes, false), nil
	}
	return writes, newStream(s, reads, true), nil
}

// programStream answers the stream of a program, nil where it has none there.
func programStream(fd int) kit.Operation {
	return kit.On("program", func(_ *kit.Frame, p *program, _ spec.Call) ([]spec.Value, error) {
		if p.streams[fd] == nil {
			return kit.One(spec.Nil{}), nil
		}
		return kit.One(p.streams[fd]), nil
	})
}

// transfers does what may wait with a stream, one at a time. A process that is killed leaves it to who comes next.
func transfers(f *kit.Frame, x *stream, what string, do func() error) error {
	var failed error
	f.Outside(what, func(ctx context.Context) {
		select {
		case x.turn <- struct{}{}:
		case <-ctx.Done():
			return
		}
		defer func() { <-x.turn }()
		stop := context.AfterFunc(ctx, func() { _ = x.file.SetDeadline(past) })
		defer func() {
			if !stop() {
				_ = x.file.SetDeadline(never)
			}
		}()
		failed = do()
	})
	if failed != nil {
		return &spec.Condition{Type: "stream-error", Message: fmt.Sprintf("%s: %v", what, failed)}
	}
	return nil
}

func streamWrite(f *kit.Frame, x *stream, c spec.Call) ([]spec.Value, error) {
	text, ok := f.System().Text(c.Args[1])
	if !ok || x.reader != nil {
		return nil, kit.TypeError("the text", c.Args[1], "a string, for an output stream")
	}
	err := transfers(f, x, "a stream to be written", func() error { _, err := io.WriteString(x.file, text); return err })
	if err != nil {
		return nil, err
	}
	return kit.One(c.Args[1]), nil
}

// streamReadLine answers nil at the end.
func streamReadLine(f *kit.Frame, x *stream, c spec.Call) ([]spec.Value, error) {
	if x.reader == nil {
		return nil, kit.TypeError("the stream", c.Args[0], "an input stream")
	}
	line, ended := "", false
	err := transfers(f, x, "a line", func() (err error) {
		line, err = x.reader.ReadString('\n')
		ended = errors.Is(err, io.EOF)
		if ended {
			err = nil
		}
		return err
	})
	switch {
	case err != nil:
		return nil, err
	case ended && line == "":
		return kit.One(spec.Nil{}), nil
	}
	return kit.One(spec.String(strings.TrimSuffix(line, "\n"))), nil
}

func streamClose(f *kit.Frame, x *stream, _ spec.Call) ([]spec.Value, error) {
	_ = x.file.Close() // a second time says so
	f.System().NotAtClose(x.file)
	return kit.One(spec.True{}), nil
}
