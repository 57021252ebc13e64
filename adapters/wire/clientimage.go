package wire

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/mpcheck/mpcheck/spec"
)

// An image is a Lisp that the adapter has launched, on a connection of its own: frames in it are told and
// served there. The end of the connection is the image's, which is no fault: its frames are gone.
type image struct {
	client *Client
	conn   *conn
	stream io.Closer
	peer   Peer
	frames map[string]struct{} // every name that an enter has used here

	// Set by attach, on the reader.
	sys    *system
	number int
	token  string

	ctx  context.Context // for operations of the harness; cancelled by its end
	stop context.CancelFunc
	over bool // under the system's mu: it has ended
}

// Peer is who is at the other end of an image's connection, as far as that is known.
type Peer struct {
	// PID is its process id, 0 where it isn't known.
	PID int
	// Ended waits for the end of the process, or of ctx, and tells whether it has ended. Nil where that isn't known.
	Ended func(ctx context.Context) bool
}

// Attach takes in a connection that a launched image has made, which is then the client's to close. It returns at once.
func (c *Client) Attach(stream io.ReadWriteCloser, peer Peer) {
	i := &image{client: c, conn: newConn(stream, stream), stream: stream, peer: peer, frames: map[string]struct{}{}}
	i.conn.start(i)
}

// request is the image's attach, once, and then enter.
func (i *image) request(m *message) {
	switch {
	case m.Method == "attach" && i.sys == nil:
		if err := i.attach(m); err != nil {
			i.fail(m, fmt.Errorf("attach: %w", err))
		}
	case m.Method == "enter" && i.sys != nil:
		if err := i.client.enter(i.conn, i, m.ID, m.Params); err != nil {
			i.fail(m, fmt.Errorf("enter: %w", err))
		}
	default:
		want := "enter"
		if i.sys == nil {
			want = "attach first"
		}
		i.fail(m, fmt.Errorf("want %s, got the method %q", want, spec.Brief(m.Method, spec.NameLength)))
	}
}

// attach finds the system that the image belongs to. One that comes too late for its system is only let go.
func (i *image) attach(m *message) error {
	var in attachParams
	if err := decodeStrict(m.Params, &in); err != nil || in.Token == "" {
		return fmt.Errorf(`want {"token","pid"}, got %s`, quote(m.Params))
	}
	if i.peer.PID != 0 && in.PID != i.peer.PID {
		return fmt.Errorf("want the process id %d of the image, as its parent sees it, got %d", i.peer.PID, in.PID)
	}
	c := i.client
	c.mu.Lock()
	s := c.current
	c.mu.Unlock()
	if s == nil || !s.attach(i, in.Token) {
		i.conn.refuse(m.ID, refuse(codeFailed, "attach: no system is open that has launched the image"))
		i.close()
		return nil
	}
	if i.number < 0 {
		return fmt.Errorf("want the name of an image, of at most %d bytes, that has not attached, got %s again", mostName, spec.Brief(in.Token, spec.NameLength))
	}
	i.conn.answer(m.ID, encode(attachResult{System: s.name, Image: i.number}))
	return nil
}

// attach makes the image one of the system's; false where it is too late. A token that is another's gets
// no number, but -1.
func (s *system) attach(i *image, token string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil || s.closing {
		return false
	}
	i.sys, i.token = s, token
	i.ctx, i.stop = context.WithCancel(s.restCtx)
	i.number = len(s.images) + 1
	for _, other := range s.images {
		if other.token == token {
			i.number = -1
		}
	}
	if len(token) > mostName {
		i.number = -1
	}
	s.images = append(s.images, i)
	if s.cfg.Messages != nil {
		i.conn.messages.Store(&s.cfg.Messages)
	}
	return true
}

// fail gives everything up: what the image says makes no sense.
func (i *image) fail(m *message, err error) {
	err = errors.New(spec.Brief(err.Error(), spec.LineLength))
	if m != nil {
		i.conn.refuse(m.ID, refuse(codeParams, "%v", err))
	}
	i.client.fail(&spec.Broken{Doing: "serving an image that " + i.client.name() + " launched", Err: err})
	if i.sys != nil {
		i.end()
	}
	i.conn.fail(err)
	i.conn.out.close()
	go func() { // whoever doesn't read what was wrong is let go all the same
		select {
		case <-i.conn.out.done:
		case <-time.After(i.client.opts.PingTimeout):
		}
		_ = i.stream.Close()
	}()
}

func (i *image) malformed(err error) { i.fail(nil, err) }

func (i *image) complaint(e *rpcError) {
	i.fail(nil, fmt.Errorf("it answered no request of ours, with %w", e))
}

// broken is no matter: what the image has said before is still to be read.
func (i *image) broken(error) {}

// ended is the end of the image, in whatever way: its frames are gone.
func (i *image) ended(err error) {
	if errors.Is(err, errTooLong) || errors.Is(err, errFlood) {
		i.fail(nil, err)
	}
	if i.sys != nil {
		i.end()
	}
	i.close()
}

// end has the frames of an image that has attached be gone.
func (i *image) end() {
	s := i.sys
	s.mu.Lock()
	defer s.mu.Unlock()
	i.over = true
	for _, o := range append([]*operation(nil), s.open...) {
		if o.frame.image == i && o.sent && !o.answered {
			o.gone()
		}
	}
	s.wake()
	i.stop()
}

// gone is the outcome of an operation whose frame's image has ended. The system's mu is held.
func (o *operation) gone() {
	o.ret, o.answered = spec.Return{Status: spec.Gone}, true
	o.record(spec.Label{Kind: spec.GoneLabel, Call: o.call})
	o.frame.leave(nil)
	o.frame.sys.retire(o)
}

// endImages ends the connections of all, and waits for the ends of their processes: those that the adapter hasn't ended find
// that nobody is there any more.
func (s *system) endImages() error {
	s.closeImages()
	ctx, stop := context.WithTimeout(context.Background(), s.ending())
	defer stop()
	s.mu.Lock()
	images := s.images
	s.mu.Unlock()
	for _, i := range images {
		if i.peer.Ended != nil && !i.peer.Ended(ctx) {
			return fmt.Errorf("image %d, process %d, still runs: close ends what was launched, and so does the end of its connection", i.number, i.peer.PID)
		}
	}
	return nil
}

// closeImages ends the connections of all.
func (s *system) closeImages() {
	s.mu.Lock()
	images := s.images
	s.mu.Unlock()
	for _, i := range images {
		i.end()
		i.close()
	}
}

// close ends the connection; the image is to end by itself then.
func (i *image) close() {
	i.conn.fail(errors.New("the image has ended"))
	i.conn.out.close()
	_ = i.stream.Close()
}
