package native

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"

	"github.com/mpcheck/mpcheck/adapters/kit"
	"github.com/mpcheck/mpcheck/spec"
)

// The operations on streams. What may block is done aside: the monitor isn't held meanwhile, and a kill reaches it.

// nameStream makes a stream known, to be closed with the system.
func (s *system) nameStream(x stream) spec.Ref {
	s.AtClose(x)
	return s.Name("stream", x)
}

func (s *system) streamOf(v spec.Value) (stream, error) {
	return kit.Lookup[stream](s.System, "stream", v)
}

// pathOf reads a pathname designator: a string in the host's own syntax, or a pathname.
func (s *system) pathOf(v spec.Value) (string, bool) {
	if path, ok := v.(spec.Pathname); ok {
		return string(path), true
	}
	return s.Text(v)
}

// openFileStream opens a file to read, or makes a fresh one to write.
func openFileStream(f *frame, c spec.Call) ([]spec.Value, error) {
	s := f.sys
	path, ok := s.pathOf(c.Args[0])
	if !ok {
		return nil, kit.TypeError("the path", c.Args[0], "a string or a pathname")
	}
	direction, _ := c.Args[1].(spec.Symbol)
	input := strings.EqualFold(direction.Name, "input")
	if !input && !strings.EqualFold(direction.Name, "output") {
		return nil, kit.TypeError("the direction", c.Args[1], ":input or :output")
	}
	flags := os.O_RDONLY
	if !input {
		flags = os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	}
	var file *os.File
	var err error
	given := make(chan struct{})
	done := f.Aside("to open "+path, func() { file, err = openFile(path, flags, given) },
		func() { close(given) }, func() {
			if err == nil {
				_ = file.Close()
			}
		})
	switch {
	case !done:
		return nil, errGivenUp
	case err != nil:
		return nil, openError(c.Op, path, err)
	case s.IsClosed(): // It would be left.
		_ = file.Close()
		return nil, errGivenUp
	}
	return kit.One(s.nameStream(&fileStream{file: file, input: input})), nil
}

// openError is what opening a file signals.
func openError(what, path string, err error) error {
	if isRefused(err) {
		return &spec.Condition{Type: spec.OutOfResources, Message: fmt.Sprintf("%s: opening %s: %v", what, path, err)}
	}
	return &spec.Condition{Type: "file-error", Message: fmt.Sprintf("%s: opening %s: %v", what, path, err)}
}

// isRefused tells whether the operating system has no more descriptors, processes or memory.
func isRefused(err error) bool {
	for _, refusal := range []syscall.Errno{syscall.EMFILE, syscall.ENFILE, syscall.EAGAIN, syscall.ENOMEM} {
		if errors.Is(err, refusal) {
			return true
		}
	}
	return false
}

func makeStringInputStream(f *frame, c spec.Call) ([]spec.Value, error) {
	text, ok := f.sys.Text(c.Args[0])
	if !ok {
		return nil, kit.TypeError("the text", c.Args[0], "a string")
	}
	return kit.One(f.sys.nameStream(&textInput{rest: []byte(text)})), nil
}

func makeStringOutputStream(f *frame, _ spec.Call) ([]spec.Value, error) {
	return kit.One(f.sys.nameStream(&textOutput{})), nil
}

func getOutputStreamString(f *frame, c spec.Call) ([]spec.Value, error) {
	x, err := kit.Lookup[*textOutput](f.sys.System, "stream made by make-string-output-stream", c.Args[0])
	if err != nil {
		return nil, err
	}
	return kit.One(decoded(x.take())), nil
}

// decoded are the characters of bytes: of those that are no UTF-8 each is U+FFFD.
func decoded(text []byte) spec.String { return spec.String([]rune(string(text))) }

// transfers runs a transfer aside.
func (f *frame) transfers(v spec.Value, what string, do func(stream, *transfer) error) error {
	x, err := f.sys.streamOf(v)
	if err != nil {
		return err
	}
	var t transfer
	var failed error
	if !f.Aside(what+" "+v.String(), func() { failed = do(x, &t) }, func() { x.cancel(&t) }, nil) {
		return errGivenUp
	}
	if failed != nil {
		return &spec.Condition{Type: "stream-error", Message: fmt.Sprintf("%s %s: %v", what, v, failed)}
	}
	return nil
}

func streamWrite(f *frame, c spec.Call) ([]spec.Value, error) {
	text, ok := f.sys.Text(c.Args[1])
	if !ok {
		return nil, kit.TypeError("the text", c.Args[1], "a string")
	}
	err := f.transfers(c.Args[0], "to write to", func(x stream, t *transfer) error { return x.write(t, []byte(text)) })
	if err != nil {
		return nil, err
	}
	return kit.One(c.Args[1]), nil
}

// streamReadLine answers nil at the end.
func streamReadLine(f *frame, c spec.Call) ([]spec.Value, error) {
	var line []byte
	there := false
	err := f.transfers(c.Args[0], "to read a line from", func(x stream, t *transfer) (err error) {
		line, there, err = x.lineOf(t)
		return err
	})
	switch {
	case err != nil:
		return nil, err
	case !there:
		return kit.One(spec.Nil{}), nil
	}
	return kit.One(decoded(line)), nil
}

func streamClose(f *frame, c spec.Call) ([]spec.Value, error) {
	err := f.transfers(c.Args[0], "to close", func(x stream, _ *transfer) error { return x.Close() })
	if err != nil {
		return nil, err
	}
	if x, err := f.sys.streamOf(c.Args[0]); err == nil {
		f.sys.NotAtClose(x)
	}
	return kit.One(spec.True{}), nil
}

// withCapturedOutput runs the body, and gives what ps has written meanwhile: nothing else in this implementation writes to
// Lisp's standard output, and what programs write goes to what they were started with.
func withCapturedOutput(f *frame, c spec.Call) ([]spec.Value, error) {
	body, err := f.sys.CodeOf(c.Args[0])
	if err != nil {
		return nil, err
	}
	output := new(strings.Builder)
	f.SetMark(output)
	f.Call(body, nil)
	return kit.One(spec.String(output.String())), nil
}
