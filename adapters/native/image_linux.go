package native

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/mpcheck/mpcheck/adapters/kit"
	"github.com/mpcheck/mpcheck/spec"
)

// Launching images: each is this program again, as a child of its own that reap-os-subprocess doesn't consider
// (imagemain_linux.go is its part).

// imageOperations are the operations about images and multiprocessing.
var imageOperations = map[string]operation{
	"initialize-multiprocessing": initializeMultiprocessing,
	"quit":                       quit,
	"save-image":                 saveImage,
	"deliver":                    deliver,
	"launch":                     launchImage,
	"type-in":                    typeIn,
	"image-wait":                 imageWait,
}

// runningImage is an image as the one that launched it knows it. The monitor guards it.
type runningImage struct {
	child *child
	input int // what is typed in is written there, -1 once it has ended
	ended bool
	ends  kit.Waiters
}

// The words by which this program is told that it is an image, and where it reports how its start went.
const (
	imageWord   = "mpcheck-native-image"
	reportFD    = 3
	reportReady = "ready"
)

// launchImage starts an image, and returns once it has attached to the harness.
func launchImage(f *frame, c spec.Call) ([]spec.Value, error) {
	s := f.sys
	if os.Getenv("MPCHECK_CONNECT") == "" {
		return nil, &spec.Condition{Type: spec.OutOfResources, Message: "launch: no harness listens for images: MPCHECK_CONNECT is not set"}
	}
	file := ""
	if spec.Truth(c.Args[0]) {
		var ok bool
		if file, ok = s.pathOf(c.Args[0]); !ok {
			return nil, kit.TypeError("the image", c.Args[0], "a pathname or nil")
		}
	}
	argv := []string{"mpcheck", imageWord, strings.Join(s.liberties, ","), file}
	for _, v := range c.Args[1:] {
		text, err := s.argument(v)
		if err != nil {
			return nil, err
		}
		argv = append(argv, text)
	}
	i := &runningImage{}
	ref := s.Name("image", i)
	report, err := s.startImage(i, ref.ID, argv)
	if err != nil {
		return nil, err
	}
	said := ""
	reported := f.Aside("the start of "+ref.String(), func() {
		text, _ := io.ReadAll(report)
		said = string(text)
	}, func() { _ = report.Close() }, nil)
	_ = report.Close()
	if reported && said != reportReady {
		i.kill()
		return nil, &spec.Condition{Type: "file-error", Message: fmt.Sprintf("launching %s: %s", cmp.Or(file, "an image"), cmp.Or(said, "it ended"))}
	}
	return kit.One(ref), nil
}

// startImage starts the process; the monitor is held, so that nobody takes the child for one of run-shell-command's.
func (s *system) startImage(i *runningImage, token string, argv []string) (report *os.File, err error) {
	self, err := os.Executable()
	if err != nil {
		return nil, kit.SimpleError("finding this program: %v", err)
	}
	var input, said [2]int
	if err := unix.Pipe2(input[:], unix.O_CLOEXEC); err != nil {
		return nil, noRoom(err)
	}
	defer unix.Close(input[0])
	if err := unix.Pipe2(said[:], unix.O_CLOEXEC); err != nil {
		unix.Close(input[1])
		return nil, noRoom(err)
	}
	defer unix.Close(said[1])
	_ = unix.SetNonblock(input[1], true)
	_ = unix.SetNonblock(said[0], true)
	report = os.NewFile(uintptr(said[0]), "report")
	environ := slices.DeleteFunc(os.Environ(), func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		return name == "MPCHECK_IN" || name == "MPCHECK_OUT" || name == "MPCHECK_TOKEN"
	})
	pid, err := syscall.ForkExec(self, argv, &syscall.ProcAttr{
		Env: append(environ, "MPCHECK_TOKEN="+token),
		// Standard output may be the wire.
		Files: []uintptr{uintptr(input[0]), 2, 2, uintptr(said[1])},
	})
	if err != nil {
		_ = report.Close()
		unix.Close(input[1])
		return nil, noRoom(err)
	}
	i.child, i.input = &child{pid: pid, private: true, watched: true}, input[1]
	s.children = append(s.children, i.child)
	s.Go(func() {
		awaitEnd(pid)
		s.Lock()
		defer s.Unlock()
		s.collect(i.child)
		unix.Close(i.input)
		i.input, i.ended = -1, true
		i.ends.Wake()
	})
	return report, nil
}

func noRoom(err error) *spec.Condition {
	return &spec.Condition{Type: spec.OutOfResources, Message: fmt.Sprintf("launching an image: %v", err)}
}

// kill ends the image, whatever it does; the monitor is held, and the child not yet reaped.
func (i *runningImage) kill() {
	if !i.ended {
		_ = syscall.Kill(i.child.pid, syscall.SIGKILL)
	}
}

// typeIn writes a form to the standard input of an image, where it is read by whoever reads there. In one that has ended it is lost.
func typeIn(f *frame, c spec.Call) ([]spec.Value, error) {
	i, err := kit.Lookup[*runningImage](f.sys.System, "image", c.Args[0])
	if err != nil {
		return nil, err
	}
	code, err := f.sys.CallbackOf(c.Args[1])
	if err != nil {
		return nil, err
	}
	if i.input >= 0 {
		form := fmt.Sprintf(typedForm, int(code))
		if _, err := unix.Write(i.input, []byte(form)); err == unix.EAGAIN {
			return nil, &spec.Condition{Type: spec.OutOfResources, Message: "type-in: more was typed than a pipe holds"}
		}
	}
	return kit.One(spec.Nil{}), nil
}

// typedForm is the text of a form that calls a callback.
const typedForm = "(callback %d)\n"

// imageWait waits for the end of an image's process.
func imageWait(f *frame, c spec.Call) ([]spec.Value, error) {
	i, err := kit.Lookup[*runningImage](f.sys.System, "image", c.Args[0])
	if err != nil {
		return nil, err
	}
	limit, err := f.sys.TimeoutOf("the timeout", c.Args[1])
	if err != nil {
		return nil, err
	}
	ended := f.Wait("the end of "+c.Args[0].String(), limit, func() bool { return i.ended }, &i.ends)
	return kit.One(spec.Bool(ended == kit.Held)), nil
}
