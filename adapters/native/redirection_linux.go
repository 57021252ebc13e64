package native

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/mpcheck/mpcheck/adapters/kit"
	"github.com/mpcheck/mpcheck/spec"
)

// A redirection is what a program's standard input, output or error is (EXT-IO). One that is none of its fields is the
// null device.
type redirection struct {
	own    bool   // what this program was started with
	path   string // a file, which is opened by flags
	flags  int
	given  stream      // a stream of Lisp's
	fresh  bool        // a stream to be made: :stream
	output bool        // of the error: where the output goes
	orNone bool        // where the file forbids it there is no program, and no error
	kept   *textOutput // given, for run to return what is in it
}

var streamNames = [3]string{"input", "output", "error"}

// redirections reads the three of a call.
func (s *system) redirections(c spec.Call) (r [3]redirection, err error) {
	for fd, name := range streamNames {
		v, given := c.Key(name)
		if !given {
			v = spec.Nil{}
			if s.decide.defaults != nil {
				v = s.decide.defaults(c.Op)[fd]
			}
		}
		if r[fd], err = s.redirectionOf(c, fd, v); err != nil {
			return r, err
		}
		option := "if-" + name + "-exists"
		if fd == 0 {
			option = "if-input-does-not-exist"
		}
		v, given = c.Key(option)
		if !given {
			v = s.openDefault(fd)
		} else if s.decide.optionsRefused {
			return r, kit.ProgramError("%s: no :%s is known", c.Op, option)
		}
		if r[fd].flags, err = openFlags(fd, option, v); err != nil {
			return r, err
		}
		r[fd].orNone = s.decide.missingNil && !spec.Truth(v)
	}
	return r, nil
}

func (s *system) redirectionOf(c spec.Call, fd int, v spec.Value) (redirection, error) {
	switch keywordName(v) {
	case "stream":
		switch {
		case c.Op == "start":
			return redirection{fresh: true}, nil
		case s.decide.runStreams == runLosesStreams:
			return redirection{}, nil
		case s.decide.runStreams == runReturnsStreams && fd > 0:
			x := &textOutput{}
			s.nameStream(x)
			return redirection{given: x, kept: x}, nil
		}
		return redirection{}, kit.ProgramError("run: :%s :stream: nobody could use the stream", streamNames[fd]) // EXT-RUN-8
	case "output":
		if fd != 2 && s.decide.outputAnywhere {
			return redirection{}, nil
		}
		if fd != 2 { // EXT-IO-8
			return redirection{}, kit.ProgramError("%s: :output is for :error, not for :%s", c.Op, streamNames[fd])
		}
		return redirection{output: true}, nil
	}
	switch v.(type) {
	case spec.Nil:
		return redirection{}, nil
	case spec.True:
		return redirection{own: true}, nil
	}
	if path, ok := s.pathOf(v); ok {
		if path, err := passable("the path", path); err != nil || path != "" {
			return redirection{path: path}, err
		}
	}
	if x, err := s.streamOf(v); err == nil {
		if file, ok := x.(*fileStream); s.decide.textRefused && c.Op == "start" && (!ok || file.pipe) {
			return redirection{}, kit.TypeError("the "+streamNames[fd], v, "a stream of a file")
		}
		return redirection{given: x}, reads(x, fd == 0, v)
	}
	return redirection{}, kit.TypeError("the "+streamNames[fd], v, "nil, t, a stream, a string, a pathname, or for start :stream")
}

// openDefault is an if-option that isn't given.
func (s *system) openDefault(fd int) spec.Value {
	switch {
	case fd == 0 && s.decide.createDefault:
		return spec.Keyword("create")
	case fd > 0 && s.decide.existsDefault != nil:
		return s.decide.existsDefault
	}
	return spec.Keyword("error")
}

// reads refuses a stream of the wrong direction.
func reads(x stream, input bool, v spec.Value) error {
	is := false
	switch x := x.(type) {
	case *textInput:
		is = true
	case *fileStream:
		is = x.input
	}
	switch {
	case is == input:
		return nil
	case input:
		return kit.TypeError("the input", v, "an input stream")
	}
	return kit.TypeError("the output", v, "an output stream")
}

// openFlags reads an if-option, which does what it does for OPEN; nil is an error too, since there is no process
// then (EXT-IF-1).
func openFlags(fd int, option string, v spec.Value) (int, error) {
	name := keywordName(v)
	if _, null := v.(spec.Nil); null {
		name = "error"
	}
	if fd == 0 {
		switch name {
		case "error":
			return os.O_RDONLY, nil
		case "create":
			return os.O_RDONLY | os.O_CREATE, nil
		}
		return 0, kit.TypeError(option, v, ":error, :create or nil")
	}
	const output = os.O_WRONLY | os.O_CREATE
	switch name {
	case "error":
		return output | os.O_EXCL, nil
	case "supersede":
		return output | os.O_TRUNC, nil
	case "append":
		return output | os.O_APPEND, nil
	}
	return 0, kit.TypeError(option, v, ":error, :supersede, :append or nil")
}

// ownStream is the descriptor that this program was started with, unless it is not for others: the wire may be there.
func ownStream(fd int) (int, error) {
	flags, err := unix.FcntlInt(uintptr(fd), syscall.F_GETFD, 0)
	if err == nil && flags&unix.FD_CLOEXEC != 0 {
		return 0, &spec.Condition{Type: spec.OutOfResources, Message: "the standard " + streamNames[fd] + " of this program is no file of its own: the harness speaks there"}
	}
	return fd, nil
}
