package wire

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/mpcheck/mpcheck/spec"
)

// What the reader and the writer tell: see peer.

func (c *Client) malformed(err error) {
	c.fail(&spec.Broken{Doing: "reading from " + c.name(), Err: err})
}

func (c *Client) complaint(e *rpcError) {
	c.fail(&spec.Broken{Doing: "talking to " + c.name(), Err: fmt.Errorf("it answered no request of ours, with %w", e)})
}

func (c *Client) ended(err error) {
	close(c.read)
	go c.lost(err)
}

func (c *Client) broken(err error) { c.lost(fmt.Errorf("writing: %w", err)) }

// lost waits for the end of the adapter's process, so that the error can say how it ended.
func (c *Client) lost(err error) {
	text := "it closed its output before bye"
	if !errors.Is(err, io.EOF) {
		text = err.Error()
	}
	if c.opts.Done != nil && !errors.Is(err, errTooLong) && !errors.Is(err, errFlood) {
		timer := time.NewTimer(min(c.opts.PingTimeout, 2*time.Second))
		defer timer.Stop()
		select {
		case <-c.opts.Done:
			text += "; " + c.exit()
		case <-c.conn.down:
		case <-timer.C:
			text += "; its process still runs"
		}
	}
	c.fail(&spec.Broken{Doing: "talking to " + c.name(), Err: errors.New(text)})
}

// watchExit notices the end of a process whose output is held open by others.
func (c *Client) watchExit(ctx context.Context) {
	select {
	case <-c.opts.Done:
	case <-ctx.Done():
		return
	}
	// What it wrote before may still be on its way.
	select {
	case <-c.read:
	case <-time.After(min(c.opts.PingTimeout, time.Second)):
	case <-ctx.Done():
		return
	}
	c.fail(&spec.Broken{Doing: "talking to " + c.name(), Err: errors.New(c.exit())})
}

func (c *Client) exit() string {
	if c.opts.Exit == nil {
		return "its process ended"
	}
	if err := c.opts.Exit(); err != nil {
		return "its process ended: " + err.Error()
	}
	return "its process ended: exit status 0"
}

// request is the adapter's `enter`, the only method that it has on its own connection.
func (c *Client) request(m *message) {
	doing := "serving a request of " + c.name()
	if m.Method != "enter" {
		m.Method = spec.Brief(m.Method, spec.NameLength)
		c.conn.refuse(m.ID, refuse(codeMethod, "unknown method %q: want enter", m.Method))
		c.fail(&spec.Broken{Doing: doing, Err: fmt.Errorf("want enter, got the method %q", m.Method)})
		return
	}
	if err := c.enter(c.conn, nil, m.ID, m.Params); err != nil {
		err = errors.New(spec.Brief(err.Error(), spec.LineLength)) // it may name names of any length
		c.conn.refuse(m.ID, refuse(codeParams, "enter: %v", err))
		c.fail(&spec.Broken{Doing: doing, Err: fmt.Errorf("enter: %w", err)})
	}
}

// enter is a request that came over a connection, that of an image or, where that is nil, the adapter's own.
func (c *Client) enter(conn *conn, from *image, id, params json.RawMessage) error {
	in, process, args, err := decodeEnter(params)
	if err != nil {
		return fmt.Errorf(`want {"system","frame","callback","process","args"}: %w, in %s`, err, quote(params))
	}
	if len(in.Frame) > mostName {
		return fmt.Errorf("want the name of a frame, of at most %d bytes, got %d", mostName, len(in.Frame))
	}
	c.mu.Lock()
	names := c.frames
	if from != nil {
		names = from.frames
	}
	_, used := names[in.Frame]
	names[in.Frame] = struct{}{}
	s := c.current
	clean, closed := c.closed[in.System]
	c.mu.Unlock()
	f := &frame{conn: conn, image: from, where: in.Image, id: id, name: in.Frame, process: process, ended: make(chan struct{})}
	if from != nil {
		f.where = from.number
	}
	switch {
	case used:
		return fmt.Errorf("want a frame name never used before, got %q again", in.Frame)
	case in.Image < 0 || from != nil && (in.Image != 0 || *in.Callback == 0 || in.System != from.sys.name):
		return fmt.Errorf("want a callback of system %s on the connection of an image, which says which image it is: in %s", in.System, quote(params))
	case s != nil && s.name == in.System:
		return s.enter(f, *in.Callback, args)
	case closed && !clean || from != nil && closed:
		conn.answer(id, noValues) // a thread that close could not end
		return nil
	case closed:
		return fmt.Errorf("system %s is closed; nothing of it may run any more", in.System)
	}
	return fmt.Errorf("unknown system %q", in.System)
}

// How long the name of a frame is at most, and how many run at a time: each takes some memory here.
const (
	mostName   = 1000
	mostFrames = 200_000
)

// enter is called by the reader. The label is recorded here, so that labels keep the order
// of the messages; the Func runs on a goroutine of its own.
func (s *system) enter(f *frame, n int, args []spec.Value) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.err != nil || n == 0 && s.closing:
		f.conn.answer(f.id, noValues) // too late for what it would run
		return nil
	case n == 0 && s.rooted:
		return fmt.Errorf("want callback 0 once a system, got it again for %s", s.name)
	case n < 0 || n > len(s.funcs):
		return fmt.Errorf("want a callback of system %s (0 to %d), got %d", s.name, len(s.funcs), n)
	}
	if s.running >= mostFrames {
		return fmt.Errorf("%w: %d callbacks were entered and have not returned", errFlood, s.running)
	}
	f.sys = s
	s.runs(f)
	if n == 0 {
		s.rooted = true
	} else {
		s.frames++
		f.number = s.frames
	}
	s.record(spec.Label{Kind: spec.EnterLabel, Frame: f.number, Process: f.process, Image: f.where, Callback: spec.Callback(n), Args: args})
	if s.running++; s.running == 1 {
		s.idle = make(chan struct{})
	}
	if n > 0 {
		go f.run(s.funcs[n-1], args)
		return nil
	}
	s.root <- func(test func(spec.Frame)) *frame {
		go f.run(func(f spec.Frame, _ []spec.Value) []spec.Value { test(f); return nil }, args)
		return f
	}
	return nil
}
