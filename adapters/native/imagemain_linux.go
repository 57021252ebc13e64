package native

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/mpcheck/mpcheck/adapters/kit"
	"github.com/mpcheck/mpcheck/adapters/wire"
	"github.com/mpcheck/mpcheck/spec"
)

// becomeImage has this program be a launched image, where it was started as one, from the initialization of this
// package on, so that whatever program native is part of can be one, a test binary too. It doesn't return then.
func becomeImage() {
	if len(os.Args) < 4 || os.Args[1] != imageWord {
		return
	}
	unix.CloseOnExec(reportFD)
	report := os.NewFile(reportFD, "report")
	s, attached, start, err := openImage(strings.FieldsFunc(os.Args[2], func(r rune) bool { return r == ',' }), os.Args[3])
	if err != nil {
		fmt.Fprintln(report, err)
		os.Exit(1)
	}
	_, _ = report.WriteString(reportReady)
	_ = report.Close()
	go s.readTyped(attached)
	go s.initialThread(start, os.Args[4:])
	status := 0
	select {
	case status = <-s.image.exit:
		_ = attached.Close()
	case <-attached.Done(): // the harness is done with it
	}
	os.Exit(status)
}

// openImage makes the system of an image, with what the file holds, and attaches it.
func openImage(liberties []string, file string) (s *system, attached *wire.Launched, start *savedImage, err error) {
	adapter, err := NewLiberal(liberties...)
	if err != nil {
		return nil, nil, nil, err
	}
	if start, err = readImage(file); err != nil {
		return nil, nil, nil, err
	}
	opened, err := adapter.Open(context.Background(), spec.SystemConfig{Watchdog: -1})
	if err != nil {
		return nil, nil, nil, err
	}
	s = systemOf(opened.(*kit.System))
	s.image = &launched{single: true, changed: make(chan struct{}), exit: make(chan int, 1)}
	if attached, err = wire.AttachInherited(); err != nil {
		return nil, nil, nil, err
	}
	s.SetPrefix(attached.Prefix())
	attached.Serve(s)
	if most := start.mostCode(); most > 0 {
		if _, err := attached.Callback(int(most)); err != nil {
			return nil, nil, nil, err
		}
	}
	s.Lock()
	defer s.Unlock()
	return s, attached, start, s.restore(start)
}

// readTyped takes in what is typed on standard input, until its end.
func (s *system) readTyped(attached *wire.Launched) {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var n int
		if _, err := fmt.Sscanf(lines.Text()+"\n", typedForm, &n); err != nil {
			continue // no form that it knows
		}
		code, err := attached.Callback(n)
		if err != nil {
			continue
		}
		s.Lock()
		s.image.typed = append(s.image.typed, code)
		s.image.readers.Wake()
		s.Unlock()
	}
	s.Lock()
	defer s.Unlock()
	s.image.atEnd = true
	s.image.readers.Wake()
}

// initialThread is what the initial thread of an image does: what the image was saved with, and then its read-eval-print loop.
// The image ends with it.
func (s *system) initialThread(start *savedImage, arguments []string) {
	s.Lock()
	defer s.Unlock()
	t := s.NewThread("initial thread")
	t.SetTop(t.First(0))
	f := frameOf(t.Top())
	f.boot(start, slices.Contains(arguments, "-multiprocessing"))
	s.exits(0)
}

// boot does what an image was saved to do (INIT-BOOT): it starts multiprocessing, once, or calls a function, or reads.
func (f *frame) boot(start *savedImage, asked bool) {
	s := f.sys
	function := start.Restart.value
	if function != nil && isInitializer(function) {
		function, asked = nil, true
	}
	switch {
	case asked || start.Environment || start.Multiprocessing == startsMultiprocessing:
		if err := f.multiprocess(nil, startup{listener: !start.Delivered, always: start.Environment, function: function}); err != nil {
			fmt.Fprintln(os.Stderr, "native: starting multiprocessing:", err)
			s.exits(1)
		}
		return
	case start.Delivered:
		s.image.unusable = start.Multiprocessing != startsManually
		f.start(function)
		return
	case function != nil:
		f.start(function)
	}
	f.readEvalLoop()
}

// start calls the function that an image begins with.
func (f *frame) start(function spec.Value) {
	code, err := f.sys.FunctionOf(function)
	if err != nil {
		fmt.Fprintln(os.Stderr, "native: starting the image:", err)
		return
	}
	f.callGuarded(code)
}
