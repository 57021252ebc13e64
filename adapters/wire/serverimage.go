package wire

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"time"

	"github.com/mpcheck/mpcheck/spec"
)

// Launched is the end of a connection at which a launched image is: it runs callbacks of the harness as
// [Serve] does, in a system that the launching adapter has open. It is safe for concurrent use.
type Launched struct {
	// System is the name of that system, and Image the number of the image, from 1 on. Whatever the image
	// names - processes, objects - gets a name that begins with Prefix, since names are the system's.
	System string
	Image  int

	server *server
	sys    *serverSystem
	stream io.Closer
}

// AttachInherited connects to the harness that the environment names: MPCHECK_CONNECT is where it listens,
// MPCHECK_TOKEN what the adapter has named this image. The image is to end once [Launched.Done] is closed.
func AttachInherited() (*Launched, error) {
	address, token := os.Getenv("MPCHECK_CONNECT"), os.Getenv("MPCHECK_TOKEN")
	path, unix := strings.CutPrefix(address, "unix:")
	if !unix || token == "" {
		return nil, fmt.Errorf("MPCHECK_CONNECT is %q and MPCHECK_TOKEN %q: want unix:PATH of a harness, and the name of a launched image", address, token)
	}
	stream, err := net.Dial("unix", path)
	if err != nil {
		return nil, fmt.Errorf("connecting to the harness: %w", err)
	}
	return AttachImage(stream, token)
}

// AttachImage is AttachInherited on a connection that is there, which it owns from now on.
func AttachImage(stream io.ReadWriteCloser, token string) (*Launched, error) {
	ctx, cancel := context.WithCancel(context.Background())
	s := &server{
		ctx: ctx, cancel: cancel, conn: newConn(stream, stream), over: make(chan struct{}), greeted: true,
		systems: map[string]*serverSystem{}, frames: map[string]*serverFrame{}, launched: true,
	}
	s.conn.start(s)
	p := s.conn.request("attach", encode(attachParams{Token: token, PID: os.Getpid()}), nil)
	select {
	case <-p.done:
	case <-s.over:
		p.err = errors.New("it closed the connection")
	}
	var in attachResult
	if p.err == nil {
		p.err = decodeStrict(p.result, &in)
	}
	if p.err != nil {
		_ = stream.Close()
		return nil, fmt.Errorf("attaching to the harness as %s: %w", token, p.err)
	}
	sys := newServerSystem(s, in.System)
	s.mu.Lock()
	s.prefix, s.systems[in.System], s.current = prefixOf(in.Image), sys, sys
	s.mu.Unlock()
	go func() {
		<-s.over
		sys.giveUp()
		s.conn.fail(errors.New("the connection has ended"))
	}()
	return &Launched{System: in.System, Image: in.Image, server: s, sys: sys, stream: stream}, nil
}

func prefixOf(image int) string { return fmt.Sprintf("i%d.", image) }

// Prefix is what names of this image begin with, as "i1.".
func (l *Launched) Prefix() string { return l.server.prefix }

// Serve has sys be the system whose frames are served. It returns at once, and is called once, before the
// first callback runs.
func (l *Launched) Serve(sys spec.System) {
	l.sys.sys = sys
	close(l.sys.opened)
}

// Callback is callback n of the harness, made known to the system under the same number, as all before it: of
// code that the image was saved with, or that somebody types in. A number that no harness gives is an error.
func (l *Launched) Callback(n int) (spec.Callback, error) {
	v, refused := l.sys.hosted(spec.Callback(n))
	if refused != nil {
		return 0, refused
	}
	return v.(spec.Callback), nil
}

// Done is closed when the connection has ended: the harness is done with the image.
func (l *Launched) Done() <-chan struct{} { return l.server.over }

// Close says what is still to be said and ends the connection. A harness that doesn't read doesn't keep it long.
func (l *Launched) Close() error {
	c := l.server.conn
	c.fail(errors.New("the image ends"))
	c.out.close()
	select {
	case <-c.out.done:
	case <-time.After(2 * time.Second):
	}
	return l.stream.Close()
}

// requestOfImage is a request to a launched image, which is asked for operations alone.
func (s *server) requestOfImage(m *message) {
	if m.Method != "call" {
		s.conn.refuse(m.ID, refuse(codeMethod, "unknown method %q: want call, of a launched image", m.Method))
		return
	}
	s.call(m)
}
