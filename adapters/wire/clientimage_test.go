package wire

import (
	"context"
	"net"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/mpcheck/mpcheck/spec"
)

// fakeImage is a launched image in memory, whose operations are the fake's.
type fakeImage struct {
	*Launched
	sys *fakeSystem
}

// launch attaches an image to the open system of a client.
func launch(t *testing.T, c *Client, token string) *fakeImage {
	t.Helper()
	ours, theirs := net.Pipe()
	c.Attach(ours, Peer{})
	l, err := AttachImage(theirs, token)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	made, err := newFake().Open(t.Context(), spec.SystemConfig{})
	if err != nil {
		t.Fatal(err)
	}
	l.Serve(made)
	return &fakeImage{l, made.(*fakeSystem)}
}

// typeIn runs a callback on a thread that is no process, and tells when it has returned.
func (i *fakeImage) typeIn(t *testing.T, code spec.Callback) (returned chan []spec.Value) {
	t.Helper()
	host, err := i.Callback(int(code))
	if err != nil || host != code {
		t.Fatalf("%v is %v in the image, %v", code, host, err)
	}
	returned = make(chan []spec.Value, 1)
	go func() { returned <- i.sys.call(host, &fakeFrame{sys: i.sys}) }()
	return returned
}

func TestImages(t *testing.T) {
	c := connect(t, newFake(), Options{})
	rec := &tapeOf{}
	s := open(t, c, spec.SystemConfig{Recorder: rec})
	entered, went := make(chan spec.Frame, 2), make(chan spec.Return, 4)
	s.Register(func(spec.Frame, []spec.Value) []spec.Value { return nil })
	asks := s.Register(func(f spec.Frame, _ []spec.Value) []spec.Value {
		return f.Do(call("new", spec.Keyword("x"), "in the image")).Values
	})
	waits := s.Register(func(f spec.Frame, _ []spec.Value) []spec.Value {
		gate := f.Do(call("make-gate")).Primary()
		entered <- f
		went <- f.Do(call("gate-wait", gate))
		went <- f.Do(call("new", spec.Keyword("x")))
		return nil
	})
	// Names of frames are a connection's: the system after this one has the same.
	defer func() {
		s := open(t, c, spec.SystemConfig{})
		asks := s.Register(func(f spec.Frame, _ []spec.Value) []spec.Value { return f.Do(call("new", spec.Keyword("x"), 1)).Values })
		if err := s.Run(func(spec.Frame) {
			if got := <-launch(t, c, "image-1").typeIn(t, asks); len(got) != 1 {
				t.Errorf("in another system: %v", got)
			}
		}); err != nil {
			t.Error(err)
		}
		if _, err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	var second *fakeImage
	err := s.Run(func(f spec.Frame) {
		first := launch(t, c, "image-1")
		if first.Image != 1 || first.Prefix() != "i1." {
			t.Errorf("the first image: %+v", first.Launched)
		}
		if got := <-first.typeIn(t, asks); len(got) != 1 || got[0] != spec.Value(spec.String("in the image")) {
			t.Errorf("what was typed in returned %v", got)
		}
		second = launch(t, c, "image-2")
		second.typeIn(t, waits)
		in := <-entered
		if spec.ImageOf(in) != 2 || spec.ProcessOf(in) != nil || spec.ImageOf(f) != 0 {
			t.Errorf("image %d, process %v; the test's is %d", spec.ImageOf(in), spec.ProcessOf(in), spec.ImageOf(f))
		}
		_ = second.Close()
		for range 2 {
			if got := <-went; got.Status != spec.Gone {
				t.Errorf("an operation in an image that has ended: %v", got)
			}
		}
		_ = first.Close()
	})
	left, closing := s.Close()
	if err != nil || closing != nil || left.Unclean || !c.Healthy() {
		t.Fatal(err, closing, left)
	}
	var seen []string
	for _, l := range rec.list {
		switch {
		case l.Kind == spec.EnterLabel && l.Image > 0:
			seen = append(seen, "enter "+l.Callback.String()+" in "+spec.Int(l.Image).String())
		case l.Kind == spec.GoneLabel:
			seen = append(seen, "gone "+l.Call.Op)
		}
	}
	if got := strings.Join(seen, ", "); got != "enter "+asks.String()+" in 1, enter "+waits.String()+" in 2, gone gate-wait" {
		t.Errorf("labels: %s", got)
	}
	<-second.Done() // it sees that its connection has ended, as soon as its reader is run
}

// An operation of the harness that waits for another image is gone with the image that it is called in.
func TestImageEndsInOperationOfHarness(t *testing.T) {
	waiting := make(chan struct{})
	c := connect(t, newFake(), Options{Harness: func(ctx context.Context, _ string, _ spec.Call) spec.Return {
		close(waiting)
		<-ctx.Done()
		return spec.Return{Status: spec.Aborted}
	}})
	s := open(t, c, spec.SystemConfig{})
	went := make(chan spec.Return, 1)
	waits := s.Register(func(f spec.Frame, _ []spec.Value) []spec.Value {
		went <- f.Do(call("board-await", 1, 1, nil))
		return nil
	})
	if err := s.Run(func(spec.Frame) {
		image := launch(t, c, "image-1")
		image.typeIn(t, waits)
		<-waiting
		_ = image.Close()
		if got := <-went; got.Status != spec.Gone {
			t.Errorf("board-await in an image that has ended: %v", got)
		}
	}); err != nil {
		t.Error(err)
	}
	if left, err := s.Close(); err != nil || left.Unclean {
		t.Error(err, left)
	}
}

// What is held back in the first image, while an operation may stop it, concerns no other.
func TestImagesAreNotHeld(t *testing.T) {
	a := newFake()
	c := connect(t, a, Options{})
	rec := &tapeOf{on: func(l spec.Label) bool { return l.Kind == spec.CallLabel && l.Call.Op == "run" }, seen: make(chan struct{})}
	s := open(t, c, spec.SystemConfig{Recorder: rec})
	asks := s.Register(func(f spec.Frame, _ []spec.Value) []spec.Value {
		<-rec.seen
		return f.Do(call("new", spec.Keyword("x"), "asked")).Values
	})
	if err := s.Run(func(f spec.Frame) {
		gate := f.Do(call("make-gate")).Primary()
		stops := s.Register(func(f spec.Frame, _ []spec.Value) []spec.Value {
			f.Do(call("run", gate))
			return nil
		})
		image := launch(t, c, "image-1")
		typed := image.typeIn(t, asks)
		f.Do(call("process-run-function", "stops", nil, stops))
		if got := <-typed; len(got) != 1 {
			t.Errorf("what was typed in returned %v", got)
		}
		close(a.last().gate(call("gate-open", gate)))
		_ = image.Close()
	}); err != nil {
		t.Error(err)
	}
	if _, err := s.Close(); err != nil {
		t.Error(err)
	}
}

// tapeOf keeps labels, and tells of the first that is looked for.
type tapeOf struct {
	on   func(spec.Label) bool
	seen chan struct{}

	mu   sync.Mutex
	list []spec.Label
}

func (r *tapeOf) Record(l spec.Label) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.list = append(r.list, l)
	if r.on != nil && r.on(l) {
		close(r.seen)
		r.on = nil
	}
}

func TestImageFaults(t *testing.T) {
	if _, err := AttachInherited(); err == nil || !strings.Contains(err.Error(), "MPCHECK_CONNECT") {
		t.Errorf("without an address: %v", err)
	}
	t.Run("too late", func(t *testing.T) {
		c := connect(t, newFake(), Options{})
		ours, theirs := net.Pipe()
		c.Attach(ours, Peer{})
		if _, err := AttachImage(theirs, "image-1"); err == nil || !c.Healthy() {
			t.Errorf("attached without a system: %v, healthy %v", err, c.Healthy())
		}
	})
	for name, lines := range map[string]string{
		"no attach":      `{"jsonrpc":"2.0","id":1,"method":"enter","params":{}}`,
		"no token":       `{"jsonrpc":"2.0","id":1,"method":"attach","params":{"token":"","pid":1}}`,
		"twice":          `{"jsonrpc":"2.0","id":1,"method":"attach","params":{"token":"image-0","pid":PID}}`,
		"another's pid":  `{"jsonrpc":"2.0","id":1,"method":"attach","params":{"token":"image-1","pid":1}}`,
		"no message":     `what`,
		"outermost":      `{"jsonrpc":"2.0","id":1,"method":"attach","params":{"token":"image-1","pid":PID}}` + "\n" + `{"jsonrpc":"2.0","id":2,"method":"enter","params":{"system":"s1","frame":"i1.f1","callback":0,"process":null,"args":[]}}`,
		"another system": `{"jsonrpc":"2.0","id":1,"method":"attach","params":{"token":"image-1","pid":PID}}` + "\n" + `{"jsonrpc":"2.0","id":2,"method":"enter","params":{"system":"s7","frame":"i1.f1","callback":1,"process":null,"args":[]}}`,
	} {
		t.Run(name, func(t *testing.T) {
			c := connect(t, newFake(), Options{})
			s := open(t, c, spec.SystemConfig{})
			err := s.Run(func(f spec.Frame) {
				launch(t, c, "image-0")
				ours, theirs := net.Pipe()
				c.Attach(ours, Peer{PID: os.Getpid()})
				go func() {
					_, _ = theirs.Write([]byte(strings.ReplaceAll(lines, "PID", spec.Int(os.Getpid()).String()) + "\n"))
				}()
				buf := make([]byte, 1<<10)
				for {
					if _, err := theirs.Read(buf); err != nil {
						break
					}
				}
				f.Do(call("new", spec.Keyword("x")))
			})
			if err == nil || !strings.Contains(err.Error(), "serving an image") {
				t.Errorf("run: %v", err)
			}
			_, _ = s.Close()
		})
	}
}
